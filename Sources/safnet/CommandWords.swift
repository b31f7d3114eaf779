/// The words of a command line as the parser is to see them.
enum CommandWords {
  /// `--retries -1` as `--retries=-1`: to the parser, -1 alone is an option, and it would say that a value is missing.
  /// What the number means is said by who reads it.
  static func joiningNegativeNumbers(_ words: [String]) -> [String] {
    var joined: [String] = []
    for (index, word) in words.enumerated() {
      let isNumber = word.wholeMatch(of: /-[0-9].*/) != nil
      if isNumber, !words[..<index].contains("--"), let option = joined.last, option.hasPrefix("--"),
        !option.contains("=")
      {
        joined[joined.count - 1] = option + "=" + word
      } else {
        joined.append(word)
      }
    }
    return joined
  }
}
