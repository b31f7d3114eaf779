import Testing

import Experiments

@Suite struct VariantNamesTests {
  func lines(_ names: String...) throws -> [String] {
    let variants = names.enumerated().map { #"{"name":"\#($1)","model":{"width":\#(8 * ($0 + 1))}}"# }
    let folder = try ExperimentFolder(["x.json": experiment(variants: "[\(variants.joined(separator: ","))]")])
    return try folder.load().unlikelyValues
  }

  @Test(arguments: [(#"A\nB"#, "U+000A", "A B"), (#"A\u0007B"#, "U+0007", "AB"), (#"A\u202eB"#, "U+202E", "AB")])
  func aSignThatActsIsRefused(name: String, sign: String, better: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment(variants: #"[{"name":"\#(name)"}]"#)])
    #expect(
      folder.mistakes() == [
        "x.json:3:21: variants[0].name: found the control character \(sign); a name is one line of letters and signs, such"
          + " as \"\(better)\""
      ])
  }

  @Test func namesThatLookAlikeAreNamed() throws {
    #expect(
      try lines("Wide", "wide") == [
        #"x.json:3:57: variants[1].name: "wide" differs from "Wide" only in case or blanks, which nobody sees in a table; give one"#
          + " of them another name"
      ])
    #expect(try lines("Wide", "Wide ").first?.contains(#""Wide " differs from "Wide" only in case"#) == true)
    #expect(try lines(" Wide").first?.contains(#"" Wide" begins or ends with a blank"#) == true)
  }

  @Test func namesThatReadAsPatternsOfOthersAreNamed() throws {
    #expect(
      try lines("a", "b", "a,b") == [
        #"x.json:3:88: variants[2].name: --only takes "a,b" for this variant alone, though it reads as a pattern or a list that"#
          + " means a, b too; give it another name"
      ])
    #expect(try lines("*", "b").first?.contains(#"--only takes "*" for this variant alone"#) == true)
    #expect(try lines("SAFNet, wide", "SAFNet", "b*").isEmpty, "a comma makes a list of what all are names")
    #expect(try lines("A (x*)", "B, C").isEmpty, "they mean nobody else")
  }

  @Test func aVariantWithoutANetworkIsToldWhichItGets() throws {
    let folder = try ExperimentFolder([
      "x.json": experiment(variants: #"[{"name":"UNet"},{"name":"SAFNet wide","training":{"epochs":3}}]"#)
    ])
    #expect(
      try folder.load().unlikelyValues == [
        #"x.json:3:13: variants[0].model: no model is written, so that it is safnet with its defaults; write "model": {"kind":"#
          + #" "safnet"} if that is meant"#
      ])
    #expect(try folder.load(set: ["model.width=8"]).unlikelyValues.isEmpty)
  }
}
