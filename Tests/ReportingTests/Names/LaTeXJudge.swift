/// Reads LaTeX as TeX's tokenizer does, by scalar, and refuses commands that we never write.
struct LaTeXJudge {
  struct Refusal: Error { let words: String }

  /// Cells of each row.
  private(set) var rows: [Int] = []

  private static let commands: Set<String> = [
    "begin", "end", "centering", "caption", "label", "resizebox", "ifdim", "width", "linewidth", "else", "fi",
    "toprule",
    "midrule", "bottomrule", "textit", "par", "smallskip", "footnotesize", "boldmath", "bfseries", "underline", "pm",
    "checkmark", "textbackslash", "textasciitilde", "textasciicircum", "textbar", "textless", "textgreater", "times",
    "ldots", "ss", "acute", "beta", "safnetunicode", "providecommand", "ifdefined", "Umathchar", "ifcsname",
    "detokenize",
    "endcsname", "cdot", "dagger", "surd",
  ]
  private static let signs = Set("\\{}_%#&$'\" ".unicodeScalars)

  init(_ text: String) throws {
    let body = text.unicodeScalars.split(separator: "\n").filter { !$0.starts(with: "%".unicodeScalars) }
    var depth = 0
    for line in body where !line.starts(with: "\\providecommand".unicodeScalars) {
      try read(line.drop { $0 == " " }, &depth)
    }
    guard depth == 0 else { throw Refusal(words: "braces do not close") }
  }

  private mutating func read(_ line: Substring.UnicodeScalarView, _ depth: inout Int) throws {
    var rest = Array(line)[...]
    if rest.first == "[" || rest.first == "*" { throw Refusal(words: "a row begins with \(rest.first!)") }
    var (separators, isFormula) = (0, false)
    while let next = rest.popFirst() {
      switch next {
      case "\\": try readCommand(&rest, &separators)
      case "{": depth += 1
      case "}": depth -= 1
      case "&": separators += 1
      case "$": isFormula.toggle()
      case "%" where rest.isEmpty: break
      case "%", "#",
        "~" where next != "~", "_" where !isFormula, "^" where !isFormula:
        throw Refusal(words: "a bare \(next) in \(String(line))")
      default: if !next.isASCII || next.value < 0x20 { throw Refusal(words: "\(next.value) in \(String(line))") }
      }
    }
    if isFormula { throw Refusal(words: "a formula does not end in \(String(line))") }
    if line.reversed().starts(with: "\\\\".unicodeScalars) { rows.append(separators + 1) }
  }

  private func readCommand(_ rest: inout ArraySlice<Unicode.Scalar>, _ separators: inout Int) throws {
    let letters = rest.prefix { $0.isASCII && $0.properties.isAlphabetic }
    let name = String(String.UnicodeScalarView(letters))
    guard name.isEmpty else {
      guard Self.commands.contains(name) else { throw Refusal(words: "\\\(name)") }
      rest = rest.dropFirst(letters.count)
      // Its second argument is one letter of any script.
      if name == "safnetunicode" {
        guard let start = rest.firstIndex(of: "}"), rest[start...].count > 3, rest[start + 1] == "{",
          rest[start + 3] == "}"
        else { throw Refusal(words: "\\safnetunicode without its letter") }
        rest = rest[(start + 4)...]
      }
      return
    }
    guard let sign = rest.popFirst(), Self.signs.contains(sign) else { throw Refusal(words: "\\\(rest.prefix(3))") }
  }
}
