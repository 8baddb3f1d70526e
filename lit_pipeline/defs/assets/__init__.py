"""Assets, one module a stage; each is named after the table it is."""
