"""LaTeX commands that print one thing, and what they print. A table; how it is applied stands in `latex`."""

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ",
    "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip

LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ",
}  # fmt: skip
"""Letters; LaTeX eats the space after them."""

ARROWS = {
    "rightarrow": "→", "to": "→", "longrightarrow": "→", "xrightarrow": "→", "rarr": "→", "leftarrow": "←",
    "gets": "←", "longleftarrow": "←", "xleftarrow": "←", "uparrow": "↑", "downarrow": "↓", "leftrightarrow": "↔",
    "longleftrightarrow": "↔", "Rightarrow": "⇒", "Longrightarrow": "⇒", "implies": "⇒", "Leftarrow": "⇐",
    "Leftrightarrow": "⇔", "Longleftrightarrow": "⇔", "iff": "⇔", "Uparrow": "⇑", "Downarrow": "⇓",
    "updownarrow": "↕", "mapsto": "↦", "longmapsto": "↦", "hookrightarrow": "↪", "nearrow": "↗", "searrow": "↘",
    "rightleftharpoons": "⇌", "leadsto": "⇝", "rightsquigarrow": "⇝",
}  # fmt: skip

RELATIONS = {
    "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠", "ne": "≠",
    "approx": "≈", "sim": "~", "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝", "ll": "≪", "gg": "≫",
    "lesssim": "≲", "gtrsim": "≳", "lt": "<", "gt": ">", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂",
    "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "prec": "≺", "succ": "≻", "preceq": "⪯", "succeq": "⪰",
    "mid": "|", "parallel": "∥", "perp": "⊥", "models": "⊨", "vdash": "⊢", "asymp": "≍", "doteq": "≐",
    "triangleq": "≜", "coloneqq": "≔",
}  # fmt: skip

OPERATORS = {
    "times": "×", "texttimes": "×", "div": "÷", "pm": "±", "mp": "∓", "cdot": "·", "ast": "*", "star": "⋆",
    "circ": "∘", "bullet": "•", "oplus": "⊕", "ominus": "⊖", "otimes": "⊗", "odot": "⊙", "cup": "∪", "cap": "∩",
    "bigcup": "⋃", "bigcap": "⋂", "setminus": "∖", "backslash": "∖", "textbackslash": "∖", "wedge": "∧",
    "land": "∧", "vee": "∨", "lor": "∨", "neg": "¬", "lnot": "¬", "sum": "∑", "prod": "∏", "int": "∫",
    "nabla": "∇", "partial": "∂", "infty": "∞", "emptyset": "∅", "varnothing": "∅", "forall": "∀", "exists": "∃",
    "angle": "∠", "top": "⊤", "bot": "⊥", "dagger": "†", "dag": "†", "ddagger": "‡", "prime": "′", "ell": "ℓ",
    "hbar": "ℏ", "Re": "Re", "Im": "Im", "aleph": "ℵ", "wp": "℘", "checkmark": "✓", "diamond": "⋄", "square": "□",
    "triangle": "△", "sharp": "♯", "flat": "♭",
}  # fmt: skip

BRACKETS = {
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lvert": "|",
    "rvert": "|", "vert": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lbrace": "(", "rbrace": ")",
}  # fmt: skip

TYPOGRAPHY = {
    "ldots": "...", "dots": "...", "cdots": "...", "textellipsis": "...", "dotsc": "...", "dotsb": "...",
    "deg": "°", "degree": "°", "textdegree": "°", "textmu": "µ", "textendash": "–", "textemdash": "—",
    "textbar": "|", "textless": "<", "textgreater": ">", "textasciitilde": "~", "textasciicircum": "^",
    "textunderscore": "_", "textquotesingle": "'", "textquoteleft": "'", "textquoteright": "'",
    "textquotedblleft": '"', "textquotedblright": '"', "textregistered": "®", "texttrademark": "™",
    "copyright": "©", "pounds": "£", "euro": "€", "S": "§", "P": "¶", "quad": " ", "qquad": " ", "enspace": " ",
    "thinspace": " ", "space": " ", "newline": " ", "linebreak": " ", "par": " ", "item": " ", "percent": "%",
}  # fmt: skip

ABBREVIATIONS = {
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.", "vs": "vs.", "wrt": "w.r.t.", "cf": "cf.",
}  # fmt: skip
"""Macros that almost every style file defines; a full stop after them is theirs."""

SYMBOLS = GREEK | ARROWS | RELATIONS | OPERATORS | BRACKETS | TYPOGRAPHY

SWITCHES = (
    "em", "it", "bf", "rm", "sf", "tt", "sc", "sl", "cal", "bfseries", "itshape", "scshape", "ttfamily", "rmfamily",
    "sffamily", "normalfont", "upshape", "mdseries", "displaystyle", "textstyle", "scriptstyle", "limits",
    "nolimits", "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl",
    "biggr", "Biggl", "Biggr", "small", "large", "Large", "LARGE", "huge", "Huge", "tiny", "footnotesize",
    "scriptsize", "normalsize", "noindent", "indent", "xspace", "protect", "centering", "bm", "boldsymbol",
    "mathbf", "mathrm", "mathcal", "mathbb", "mathfrak", "mathsf", "mathit", "mathtt", "mathscr", "mathop",
    "mathbin", "mathrel", "operatorname", "text", "textnormal", "mbox", "hbox", "hat", "widehat", "bar", "tilde",
    "widetilde", "vec", "dot", "ddot", "overline", "underline", "overbar", "ensuremath", "mathring", "smash",
)  # fmt: skip
"""Commands that change how the next thing looks; the thing alone is kept."""

DROPPED_WITH_ARGUMENT = (
    "cite[a-zA-Z]*", "[Cc]itep", "[Cc]itet", "ref", "eqref", "autoref", "cref", "Cref", "label", "vspace", "hspace",
    "thanks", "phantom", "vphantom", "hphantom", "includegraphics", "bibliography", "bibliographystyle",
    "usepackage", "input", "pagestyle", "vskip", "hskip", "mkern", "color", "begin", "end",
)  # fmt: skip
"""Commands that go with their argument: references, spacing, set-up, the names of environments."""

CODE_POINTS = {
    "x2010": "-", "x2011": "-", "x2012": "–", "x2013": "–", "x2014": "—", "x2015": "—", "x2018": "'", "x2019": "'",
    "x201C": '"', "x201D": '"', "x201c": '"', "x201d": '"', "x2022": "•", "x2026": "...", "x2032": "′",
    "x2212": "-", "xA0": " ", "xa0": " ", "x00A0": " ", "x00a0": " ", "x0027": "'", "x27": "'",
}  # fmt: skip
"""Arguments of MathJax's \\unicode that texts hold."""
