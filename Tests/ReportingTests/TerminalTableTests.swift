import Reporting
import Testing

@Suite struct TerminalTableTests {
  @Test func columnsAreAligned() throws {
    let text = TerminalTable.text(try #require(Report(Fixture.complete).table(.folds)))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "Table 1 · Methods and folds")
    #expect(lines[1].hasPrefix("Method") && lines[1].hasSuffix("Mean"))
    #expect(lines[2].allSatisfy { $0 == "─" || $0 == " " })
    #expect(lines[3].hasPrefix("Base ") && lines[5].hasPrefix("SAFNet "))
    // Every cell of these rows is filled, so every line ends in the same column.
    #expect(Set(lines[1...5].map(\.count)).count == 1)
    #expect(text.hasSuffix(try #require(Report(Fixture.complete).table(.folds)).caption))
  }

  @Test func emptyCellsAtTheEndLeaveNoSpaces() throws {
    let text = TerminalTable.text(try #require(Report(Fixture.complete).table(.ablation)))
    #expect(!text.split(separator: "\n").contains { $0.hasSuffix(" ") })
  }
}
