import Compute
import Reporting

/// Names as nobody should choose them: what means something to a format, beside what joins it to its neighbour, and what
/// acts on a terminal, among letters of many scripts.
struct NastyNames {
  private var stream: RandomStream

  init(seed: UInt64) { stream = RandomStream(seed: seed, purpose: .test) }

  private static let pieces = [
    [
      "<", ">", "\"", "'", "&", "\\", "{", "}", "$", "%", "#", "_", "^", "~", "|", ",", ";", "[", "]", "*", "`", "-",
      "--",
    ],
    [
      "\r\n", "\n", "\r", "\t", " ", "=", "+", "@", "1.", "<script>", "</td>", "\\input{x}", "-->", "]]>", "&amp;",
      "=1+1",
    ],
    ["\u{600}", "\u{301}", "\u{200D}", "\u{338}", "\u{FE0F}", "\u{1F3FB}", "\u{E0101}", "\u{6DD}", "\u{110BD}"],
    ["\u{1B}[2J", "\u{7}", "\u{0}", "\u{9B}31m", "\u{85}", "\u{2028}", "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{FFFE}"],
    ["a", "Z", "5", "vertebra", "é", "e\u{301}", "β", "Ά", "椎", "क्षि", "س", "👩‍🚀", "🇩🇪", "ﬁ", "ơ", "ß", "…"],
  ]

  mutating func next() -> String {
    (0...stream.nextInt(below: 9)).map { _ in
      let kind = Self.pieces[stream.nextInt(below: Self.pieces.count)]
      return kind[stream.nextInt(below: kind.count)]
    }.joined()
  }

  private mutating func distinct(_ count: Int) -> [String] {
    var names: [String] = []
    while names.count < count {
      let name = next()
      if !names.contains(name), name.contains(where: { !$0.isWhitespace }) { names.append(name) }
    }
    return names
  }

  /// A finished experiment with such names wherever a name can stand.
  mutating func input() -> ReportInput {
    var input = Fixture.complete
    input.title = next()
    input.structures = distinct(input.structures.count)
    for (index, name) in distinct(input.groups.count).enumerated() { input.groups[index].name = name }
    for (index, name) in distinct(input.variants.count).enumerated() {
      if input.variants[index].name == input.baseline { input.baseline = name }
      if input.variants[index].name == input.proposed { input.proposed = name }
      input.variants[index].name = name
      for run in input.variants[index].runs.indices { input.variants[index].runs[run].machine?.processor = next() }
    }
    return input
  }
}
