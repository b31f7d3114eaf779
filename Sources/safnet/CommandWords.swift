/// The words of a command line as the parser is to see them.
enum CommandWords {
  /// `runs help list` as `help runs list`, which is how the parser takes it.
  static func helpFirst(_ words: [String]) -> [String] {
    guard words.count > 1, words[1] == "help", !words[0].hasPrefix("-"),
      ["runs", "dataset", "import"].contains(words[0])
    else { return words }
    return ["help", words[0]] + words.dropFirst(2)
  }

  /// `-pretrained_weights x`, as several programs write it, with two dashes. To the parser one dash stands before letters that
  /// are options each, and the h in them asks for help. No command has letters that could stand together.
  static func withTwoDashes(_ words: [String]) -> [String] {
    let end = words.firstIndex(of: "--") ?? words.endIndex
    return words[..<end].map { $0.wholeMatch(of: /-[A-Za-z][A-Za-z0-9].*/) == nil ? $0 : "-" + $0 } + words[end...]
  }

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
