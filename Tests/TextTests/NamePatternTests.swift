import Testing
import Text

@Suite struct NamePatternTests {
  @Test(arguments: [
    ("SAFNet", "SAFNet", true), ("SAFNet", "SAFNet 2", false), ("Base*", "Base", true), ("Base*", "Base + ASPP", true),
    ("Base*", "My Base", false), ("*64*", "SAFNet, width 64, batch 2", true), ("?D UNet", "3D UNet", true),
    ("?D UNet", "D UNet", false), ("*", "", true), ("", "", true), ("", "a", false), ("a*b*c", "aXbXbXc", true),
    ("a*b*c", "acb", false), ("?", "é", true), ("*.5", "0x5", false),
  ]) func coversNames(pattern: String, name: String, covers: Bool) {
    #expect(NamePattern(pattern).matches(name) == covers)
  }

  @Test func aLiteralMeansItself() {
    #expect(NamePattern(literal: "A*").matches("A*") && !NamePattern(literal: "A*").matches("AB"))
  }

  /// Backtracking would not come back from this.
  @Test func manyStarsTakeNoTime() {
    #expect(!NamePattern(String(repeating: "*a", count: 200) + "b").matches(String(repeating: "a", count: 2000)))
  }
}
