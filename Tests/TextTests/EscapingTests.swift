import Testing
import Text

@Suite struct EscapingTests {
  /// Each of these makes one `Character` with the sign before or behind it.
  static let joiners = ["\u{600}<", "<\u{301}", "<\u{200D}", "<\u{FE0F}", "\u{1F1E6}<\u{338}", "<\u{E0101}", "\r\n<"]

  @Test(arguments: joiners) func aSignIsFoundBesideWhateverJoinsIt(text: String) {
    let escaped = text.replacingScalars(["<": "&lt;"])
    #expect(!escaped.unicodeScalars.contains("<"))
    #expect(escaped.unicodeScalars.filter { $0 == "&" }.count == 1)
    #expect(escaped.unicodeScalars.count == text.unicodeScalars.count + 3)
  }

  @Test func whatActsIsNamed() {
    #expect("a\u{1B}[2Jb".visible() == "a[U+001B][2Jb")
    #expect("\u{202E}gpj.exe\u{2066}".visible() == "[U+202E]gpj.exe[U+2066]")
    #expect("x\u{0}\u{9B}\u{7F}\u{FFFE}\u{1FFFF}".visible() == "x[U+0000][U+009B][U+007F][U+FFFE][U+1FFFF]")
    #expect("two\nlines\t".visible(keeping: ["\n", "\t"]) == "two\nlines\t")
    #expect("a\r\nb\u{85}c\u{2028}d\te".oneLine == "a  b c d e")
  }

  @Test func namesOfAnyScriptStayAsTheyAre() {
    for name in ["Résidu", "Re\u{301}sidu", "椎体", "कशेरुका", "فقرة", "👩‍🚀 🇩🇪", "می‌خواهم", "L5/S1 (№ 3)"] {
      #expect(name.oneLine.unicodeScalars.elementsEqual(name.unicodeScalars))
    }
  }
}

@Suite struct CSVTests {
  static let fields = [
    "plain", "a,b", "a;b", "a\"b", "\"", "\"\"", "a\nb", "a\r\nb", "\u{600},", ",\u{301}", "\"\u{200D}x", "\t", "",
    " a ",
  ]

  @Test func everyFieldReadsBack() {
    let rows = [Self.fields, Self.fields.reversed(), ["x"] + Self.fields.dropFirst()]
    let text = rows.map { $0.map(CSV.escaped).joined(separator: ",") + "\n" }.joined()
    let read = CSV.rows(text)
    #expect(read.count == 3)
    for (row, expected) in zip(read, rows) {
      #expect(row.map { Array($0.unicodeScalars) } == expected.map { Array($0.unicodeScalars) })
    }
  }

  @Test func rowsEndInThreeWaysAndTheLastMayBeOpen() {
    #expect(CSV.rows("a,b\r\nc\rd\n\ne") == [["a", "b"], ["c"], ["d"], [""], ["e"]])
    #expect(CSV.rows("a;b", separator: ";") == [["a", "b"]] && CSV.rows("") == [])
  }

  @Test(arguments: ["=1+1", "+1", "-x", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1"])
  func namesAreNoFormulas(name: String) {
    #expect(CSV.name(name).unicodeScalars.elementsEqual(("'" + name).unicodeScalars))
  }

  @Test func otherNamesStay() {
    for name in ["Base + ASPP", "L5/S1", "'quoted", "3D U-Net", ""] { #expect(CSV.name(name) == name) }
    #expect(CSV.name("a\u{1B}b\u{0}") == "a[U+001B]b[U+0000]")
  }
}
