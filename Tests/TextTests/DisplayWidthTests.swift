import Testing
import Text

@Suite struct DisplayWidthTests {
  /// Columns as terminals (and Python's wcwidth) count them.
  static let widths: [(String, Int)] = [
    ("abc", 3), ("Résidu é", 8), ("Re\u{301}sidu e\u{301}", 8), ("椎体网络", 8), ("ﾃｽﾄ", 3), ("テスト", 6), ("한글", 4),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("👩‍🚀", 2), ("🇩🇪", 2), ("👍🏽", 2), ("☺️", 2), ("1️⃣", 2), ("☺", 1), ("❤", 1),
    ("（", 2), ("…", 1), ("№", 1), ("नी", 1), ("فقرة", 4), ("\u{200B}", 0), ("", 0),
  ]

  @Test(arguments: widths) func isCountedInColumns(text: String, width: Int) { #expect(text.displayWidth == width) }

  @Test func tablesAlignNamesOfAnyScript() {
    let names = ["plain", "Re\u{301}sidu e\u{301}", "椎体网络", "👩‍🚀🇩🇪", "कशेरुका", "فقرة"]
    let lines = AlignedTable.lines(names.map { ["\($0), fold 1", "7"] })
    for (line, name) in zip(lines, names) { #expect(line.hasPrefix("\(name), fold 1"), "whole") }
    #expect(Set(lines.map(\.displayWidth)).count == 1, "\(lines)")
  }

  @Test func noCellBreaksItsLine() {
    #expect(AlignedTable.lines([["a\r\nb", "c"], ["\u{1B}[31m", "d"]]) == ["a  b          c", "[U+001B][31m  d"])
  }
}
