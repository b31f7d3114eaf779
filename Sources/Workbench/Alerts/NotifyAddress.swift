import Text

/// Where somebody wants to be told, in the place of the command of `--notify` that tells them there.
package enum NotifyAddress {
  /// What it is, and a command for it; nil of anything else.
  package static func words(_ given: String) -> String? {
    let words = given.split(whereSeparator: \.isWhitespace).map {
      String($0).replacing(/^mailto:/.ignoresCase(), with: "")
    }
    guard let first = words.first else { return nil }
    let rule = "and --notify takes a command, which gets a line of JSON at its standard input"
    func option(_ command: String) -> String { "--notify \(ShellWord.quoted(command))" }
    if first.wholeMatch(of: /https?:\/\/.+/.ignoresCase()) != nil {
      let command = "curl --silent --data @- \(ShellWord.quoted(first))"
      return
        "\(first) is an address, \(rule): \(option(command)); docs/alerts.md has a script for a webhook with other keys"
    }
    if first.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.-]*:\/\/.+/) != nil {
      return "\(first) is an address, \(rule); docs/alerts.md has a script for a webhook"
    }
    // Several stand with commas or semicolons between.
    guard first.wholeMatch(of: /[^=@\/:|]+@[^=@\/:|]+(@[^=@\/:|]+)*/) != nil else { return nil }
    let people = words.flatMap { $0.split { ",;".contains($0) } }.map { ShellWord.quoted(String($0)) }
    return "\(first) is an address, \(rule): \(option("mail -s safnet \(people.joined(separator: " "))"))"
  }
}
