import Text

extension SourcePlace {
  /// The settings of one `--set` that was given several, `training.epochs=1,training.batch=2`; nil where it has one.
  ///
  /// - Parameter areSettings: whether what follows a comma is surely a setting of its own: a text may hold such signs too.
  package func severalSettings(_ areSettings: (Setting) -> Bool = { _ in true }) -> [String]? {
    guard case .option(let text) = origin else { return nil }
    var settings: [String] = []
    for (sign, piece) in Self.pieces(of: text) {
      if settings.isEmpty || !Setting.begins(piece) {
        settings = settings.dropLast() + [(settings.last ?? "") + sign + piece]
      } else {
        settings.append(piece)
      }
    }
    settings = settings.map { String($0.reversed().drop(while: { ", ".contains($0) }).reversed()) }
    return settings.count > 1 && settings.dropFirst().contains { areSettings(Setting(text: $0)) } ? settings : nil
  }

  /// `key.path=value` behind a comma or a blank.
  package struct Setting {
    fileprivate let text: String

    /// Whether its path has several steps, as no text of a title has by chance.
    var isDotted: Bool { text.prefix { $0 != "=" }.contains { ".[".contains($0) } }

    fileprivate static func begins(_ piece: String) -> Bool {
      piece.firstMatch(of: /^[A-Za-z_][\w\-.\[\]]*=/) != nil
    }
  }

  /// What commas and blanks outside of brackets and quotes divide, each with the sign before it.
  private static func pieces(of text: String) -> [(sign: String, text: String)] {
    var (pieces, depth, isQuoted) = ([(sign: "", text: "")], 0, false)
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted { depth += "[{".contains(character) ? 1 : "]}".contains(character) ? -1 : 0 }
      if character == "," || character == " ", depth == 0, !isQuoted {
        pieces.append((String(character), ""))
      } else {
        pieces[pieces.count - 1].text.append(character)
      }
    }
    return pieces
  }
}
