/// What the numbers of a public dataset's masks mean.
package enum LabelScheme: String, CaseIterable, Sendable {
  /// SPIDER (lumbar MRI): vertebrae are counted from the lowest one up, 100 is the spinal canal, 201 and on are the discs below
  /// the vertebrae 1 and on. (van der Graaf et al., Scientific Data 2024.) Names are those of five lumbar vertebrae;
  /// a spine with six has another first one.
  case spider
  /// VerSe (CT): C1 to C7 are 1 to 7, T1 to T12 8 to 19, L1 to L6 20 to 25, sacrum 26, coccyx 27, T13 28.
  /// (Sekuboyina et al., Medical Image Analysis 2021.)
  case verse

  /// What a number is called; nil for one that the scheme does not name.
  package func name(of number: Int) -> String? {
    switch self {
    case .spider: Self.spider(number)
    case .verse: Self.verse(number)
    }
  }

  /// From the foot up.
  private static let fromBelow =
    (1...5).reversed().map { "L\($0)" } + (1...12).reversed().map { "T\($0)" } + (1...7).reversed().map { "C\($0)" }

  private static func spider(_ number: Int) -> String? {
    switch number {
    case 1...fromBelow.count: fromBelow[number - 1]
    case 100: "canal"
    case 201: "L5/S"
    case 202...(200 + fromBelow.count): "\(fromBelow[number - 201])/\(fromBelow[number - 202])"
    default: nil
    }
  }

  private static func verse(_ number: Int) -> String? {
    switch number {
    case 1...7: "C\(number)"
    case 8...19: "T\(number - 7)"
    case 20...25: "L\(number - 19)"
    case 26: "sacrum"
    case 27: "coccyx"
    case 28: "T13"
    default: nil
    }
  }
}
