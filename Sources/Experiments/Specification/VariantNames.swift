import JSON
import Text

extension Form where Value == String {
  /// The name of a row: some text of one line, in which nothing acts on whoever shows it.
  static var rowName: Form {
    let text = Form<String>.text
    return Form(
      schema: { _ in
        [
          "type": "string",
          "pattern": "^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$",
        ]
      },
      read: { input, starting, errors in
        guard let name = text.read(input, starting, &errors) else { return nil }
        guard let sign = name.unicodeScalars.first(where: \.acts) else { return name }
        errors.append(
          input.error(
            .broken(
              rule: "found the control character \(sign.codePoint); a name is one line of letters and signs, such as"
                + " \(CanonicalJSON.quoted(name.oneLine.withoutSigns))")))
        return nil
      },
      write: text.write)
  }
}

extension String {
  /// Without what `visible` writes for signs that act.
  fileprivate var withoutSigns: String {
    replacing(/\[U\+[0-9A-F]+\]/, with: "").split(separator: " ").joined(separator: " ")
  }
}

extension Specification {
  /// Names that are easily taken for others: of another variant, or of several.
  var confusingNames: [String] {
    let names = variants.compactMap(\.source.path).distinct.map { path in
      (path: path / "name", name: document.node(at: path / "name")?.text ?? "")
    }
    return names.indices.compactMap { index in
      let (path, name) = names[index]
      let others = names.indices.filter { $0 != index }.map { names[$0].name }
      return words(name, before: names[..<index].map(\.name), among: others).map {
        JSONError.description($0, at: path, place(of: path))
      }
    }
  }

  private func words(_ name: String, before: [String], among others: [String]) -> String? {
    let shown = CanonicalJSON.quoted(name)
    if let twin = before.first(where: { $0.plainName == name.plainName }) {
      return
        "\(shown) differs from \(CanonicalJSON.quoted(twin)) only in case or blanks, which nobody sees in a table; give"
        + " one of them another name"
    }
    if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
      return "\(shown) begins or ends with a blank, which --only must be given too; take it out"
    }
    let pieces = name.split(separator: ",").map { NamePattern($0.trimmingPrefix(while: \.isWhitespace).description) }
    // A comma makes a list of what all are names; "Gated high, residual" beside "Gated high" is none.
    let isList = pieces.count > 1 && pieces.allSatisfy { piece in others.contains(where: piece.matches) }
    let patterns = (name.contains(where: { "*?".contains($0) }) ? [NamePattern(name)] : []) + (isList ? pieces : [])
    let meant = others.filter { other in patterns.contains { $0.matches(other) } }
    guard !meant.isEmpty else { return nil }
    return "--only takes \(shown) for this variant alone, though it reads as a pattern or a list that means"
      + " \(meant.prefix(3).joined(separator: ", ")) too; give it another name"
  }
}

extension Specification {
  /// The row of the tables that a name of another method is easily taken for.
  package func row(like name: String) -> String? { name.twin(in: rowNames) }
}

extension String {
  /// The one that differs from it in case or blanks alone, which nobody sees in a table.
  package func twin(in names: [String]) -> String? { names.first { $0 != self && $0.plainName == plainName } }

  fileprivate var plainName: String { lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
