import Foundation
import Text

/// Text for pdfLaTeX, XeLaTeX and LuaLaTeX without further packages.
///
/// - What LaTeX reads as a command is printed. Brackets and stars stand in braces: at the start of a row, `\\` would take
///   them for its argument.
/// - Ligatures are broken (`--` would become a dash).
/// - Accented letters are spelt out whatever their normal form, Greek and other signs of mathematics are set as such.
/// - Any other letter is left to the engine that can set it: `\safnetunicode` prints it there, and its code elsewhere.
struct LaTeXText {
  /// What a file needs that holds `\safnetunicode`: pdfLaTeX prints a letter that `\DeclareUnicodeCharacter` was told of.
  static let definition =
    "\\providecommand{\\safnetunicode}[2]{\\ifdefined\\Umathchar#2\\else"
    + "\\ifcsname u8:\\detokenize{#2}\\endcsname#2\\else[U+#1]\\fi\\fi}"

  static func escaped(_ text: String) -> String {
    var writer = LaTeXText()
    for scalar in text.oneLine.unicodeScalars { writer.append(scalar) }
    return writer.text
  }

  /// A letter, or a sign; accents are set on the last one.
  private enum Piece {
    case plain(String)
    case letter(String)
    /// In mathematics.
    case formula(String)

    var text: String {
      switch self {
      case .plain(let text), .letter(let text): text
      case .formula(let text): "$\(text)$"
      }
    }
  }

  private var pieces: [Piece] = []

  private var text: String {
    pieces.reduce(into: "") { text, piece in
      let next = piece.text
      if let a = text.unicodeScalars.last, let b = next.unicodeScalars.first, Self.joins(a, b) { text += "{}" }
      text.unicodeScalars.append(contentsOf: next.unicodeScalars)
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    if scalar.isASCII { return pieces.append(Self.ascii(scalar)) }
    if let accent = Self.accents[scalar], let last = pieces.last, let accented = Self.set(accent, on: last) {
      pieces[pieces.count - 1] = accented
    } else {
      pieces.append(Self.piece(scalar))
    }
  }

  private static func ascii(_ scalar: Unicode.Scalar) -> Piece {
    if let special = specials[scalar] { return .plain(special) }
    let isLetter = "a"..."z" ~= scalar || "A"..."Z" ~= scalar
    return isLetter ? .letter(String(scalar)) : .plain(String(scalar))
  }

  private static func piece(_ scalar: Unicode.Scalar) -> Piece {
    if let sign = signs[scalar] { return .plain(sign) }
    if let letter = greek[scalar] { return letter.hasPrefix("\\") ? .formula(letter) : .letter(letter) }
    return decomposed(scalar) ?? .plain("\\safnetunicode{\(scalar.codePoint.dropFirst(2))}{\(scalar)}")
  }

  /// A letter with accents in one scalar, where all of them can be set.
  private static func decomposed(_ scalar: Unicode.Scalar) -> Piece? {
    let parts = Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
    guard parts.count > 1 else { return nil }
    let base = parts[0].isASCII ? ascii(parts[0]) : greek[parts[0]].map { _ in piece(parts[0]) }
    return parts.dropFirst().reduce(base) { base, mark in
      guard let base, let accent = accents[mark] else { return nil }
      return set(accent, on: base)
    }
  }

  private static func set(_ accent: (text: String, formula: String?), on piece: Piece) -> Piece? {
    switch piece {
    case .plain: return nil
    case .letter(let letter):
      let isBelow = ["\\d", "\\c", "\\b"].contains(accent.text)
      let dotless = !isBelow && ["i", "j"].contains(letter) ? "\\\(letter)" : letter
      return .letter("\(accent.text){\(dotless)}")
    case .formula(let letter): return accent.formula.map { .formula("\($0){\(letter)}") }
    }
  }

  /// Signs that a font draws as one.
  private static func joins(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
    switch (a, b) {
    case ("-", "-"), ("'", "'"), ("`", "`"), (",", ","), ("?", "`"), ("!", "`"): true
    default: false
    }
  }
}

// MARK: What stands for what

extension LaTeXText {
  private static let specials: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "_": "\\_", "%": "\\%", "#": "\\#", "&": "\\&", "$": "\\$",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "|": "\\textbar{}", "<": "\\textless{}",
    ">": "\\textgreater{}", "\"": "''", "[": "{[}", "]": "{]}", "*": "{*}",
  ]

  private static let signs: [Unicode.Scalar: String] = [
    "±": "$\\pm$", "−": "$-$", "×": "$\\times$", "÷": "$\\div$", "·": "$\\cdot$", "≤": "$\\le$", "≥": "$\\ge$",
    "≠": "$\\ne$", "≈": "$\\approx$", "∞": "$\\infty$", "→": "$\\to$", "←": "$\\leftarrow$", "°": "$^{\\circ}$",
    "¹": "$^{1}$", "²": "$^{2}$", "³": "$^{3}$", "⁰": "$^{0}$", "⁴": "$^{4}$", "⁻": "$^{-}$", "₀": "$_{0}$",
    "₁": "$_{1}$", "₂": "$_{2}$", "₃": "$_{3}$", "₄": "$_{4}$", "½": "$\\frac{1}{2}$", "•": "$\\bullet$",
    "—": "---", "–": "--", "‐": "-", "‑": "-", "‘": "`", "’": "'", "“": "``", "”": "''", "…": "\\ldots{}",
    "\u{A0}": "~", "\u{202F}": "~", "ß": "\\ss{}", "æ": "\\ae{}", "Æ": "\\AE{}", "œ": "\\oe{}", "Œ": "\\OE{}",
    "ø": "\\o{}", "Ø": "\\O{}", "ł": "\\l{}", "Ł": "\\L{}", "ı": "\\i{}", "§": "\\S{}", "©": "\\copyright{}",
    "✓": "$\\checkmark$", "†": "$\\dagger$", "√": "$\\surd$",
  ]

  /// With the command of mathematics, where there is one.
  private static let accents: [Unicode.Scalar: (text: String, formula: String?)] = [
    "\u{300}": ("\\`", "\\grave"), "\u{301}": ("\\'", "\\acute"), "\u{302}": ("\\^", "\\hat"),
    "\u{303}": ("\\~", "\\tilde"), "\u{304}": ("\\=", "\\bar"), "\u{306}": ("\\u", "\\breve"),
    "\u{307}": ("\\.", "\\dot"), "\u{308}": ("\\\"", "\\ddot"), "\u{30A}": ("\\r", nil), "\u{30B}": ("\\H", nil),
    "\u{30C}": ("\\v", "\\check"), "\u{323}": ("\\d", nil), "\u{327}": ("\\c", nil), "\u{331}": ("\\b", nil),
  ]

  /// Commands of mathematics; letters that Latin has are Latin's.
  private static let greek: [Unicode.Scalar: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon", "ζ": "\\zeta", "η": "\\eta",
    "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "µ": "\\mu", "ν": "\\nu", "ξ": "\\xi",
    "ο": "o", "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma", "ς": "\\varsigma", "τ": "\\tau", "υ": "\\upsilon",
    "φ": "\\varphi", "ϕ": "\\phi", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega", "ϵ": "\\epsilon", "ϑ": "\\vartheta",
    "Α": "A", "Β": "B", "Γ": "\\Gamma", "Δ": "\\Delta", "∆": "\\Delta", "Ε": "E", "Ζ": "Z", "Η": "H",
    "Θ": "\\Theta", "Ι": "I", "Κ": "K", "Λ": "\\Lambda", "Μ": "M", "Ν": "N", "Ξ": "\\Xi", "Ο": "O", "Π": "\\Pi",
    "Ρ": "P", "Σ": "\\Sigma", "Τ": "T", "Υ": "\\Upsilon", "Φ": "\\Phi", "Χ": "X", "Ψ": "\\Psi", "Ω": "\\Omega",
    "\u{2126}": "\\Omega",
  ]
}
