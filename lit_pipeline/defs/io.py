"""Stores the output of each asset as one sealed Parquet file, `stages/<asset>.parquet`."""

import dagster as dg
import polars as pl

from lit_pipeline.defs.errors import permanent_failures
from lit_pipeline.storage.atomic import write_parquet
from lit_pipeline.storage.seal import DamagedFileError, check_file, seal_file
from lit_pipeline.storage.warehouse import Warehouse


class ParquetIOManager(dg.IOManager):
    """Writes a DataFrame or LazyFrame and gives back the one that the input is annotated with."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    @permanent_failures()
    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame | pl.LazyFrame) -> None:
        """Write the frame, atomically, and count its rows."""
        path = self._warehouse.stage(context.asset_key.to_python_identifier())
        write_parquet(obj, path)
        seal_file(path)
        rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
        context.add_output_metadata({"dagster/row_count": rows, "file": dg.MetadataValue.path(str(path))})

    def load_input(self, context: dg.InputContext) -> pl.DataFrame | pl.LazyFrame:
        """Read the frame.

        Raises:
            dagster.Failure: the upstream asset has no stored output, or one that was damaged since it was written.

        """
        name = context.asset_key.to_python_identifier()
        path = self._warehouse.stage(name)
        try:
            check_file(path)
            if context.dagster_type.typing_type is pl.DataFrame:
                return pl.read_parquet(path, glob=False)
            return pl.scan_parquet(path, glob=False)
        except (OSError, DamagedFileError) as error:
            raise dg.Failure(
                f"the stored output of asset '{name}' can't be read from {path}: {error}. Materialise '{name}' first.",
                allow_retries=False,
            ) from error
