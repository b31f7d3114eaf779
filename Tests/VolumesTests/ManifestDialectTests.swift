import Foundation
import TestSupport
import Testing
import Volumes

/// Manifests as spreadsheets and scripts save them.
@Suite struct ManifestDialectTests {
  static let plain = "case,image,label\np1,i/p1.nii,m/p1.nii\np2,i/p2.nii,m/p2.nii"

  static let dialects: [(name: String, bytes: Data)] = [
    ("plain", Data(plain.utf8)),
    ("byte order mark", Data([0xEF, 0xBB, 0xBF]) + Data(plain.utf8)),
    ("semicolons", Data(plain.replacingOccurrences(of: ",", with: ";").utf8)),
    ("tabs", Data(plain.replacingOccurrences(of: ",", with: "\t").utf8)),
    ("bars", Data(plain.replacingOccurrences(of: ",", with: "|").utf8)),
    ("UTF-16 with mark", plain.data(using: .utf16)!),
    ("UTF-16, big end first, with mark", Data([0xFE, 0xFF]) + plain.data(using: .utf16BigEndian)!),
    ("UTF-16 without mark", plain.data(using: .utf16LittleEndian)!),
    ("sep=,", Data(("sep=,\n" + plain).utf8)),
    (
      "sep=; after a mark",
      Data([0xEF, 0xBB, 0xBF]) + Data(("\"sep=;\"\r\n" + plain.replacingOccurrences(of: ",", with: ";")).utf8)
    ),
    ("blank lines first", Data(("\n\n" + plain).utf8)),
    ("empty rows last", Data((plain + "\n,,\n,,\n").utf8)),
    ("comments", Data(("# made by me, twice\n" + plain + "\n# p3,i/p3.nii,m/p3.nii\n").utf8)),
    ("CR", Data(plain.replacingOccurrences(of: "\n", with: "\r").utf8)),
    ("CRLF", Data(plain.replacingOccurrences(of: "\n", with: "\r\n").utf8)),
    ("quotes and padding", Data(plain.replacingOccurrences(of: "p1,", with: " \"p1\" , ").utf8)),
    ("capitals", Data(plain.replacingOccurrences(of: "case,image", with: "Case , IMAGE").utf8)),
  ]

  @Test func pathsOfWindowsAreKnown() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("set.csv", #"case,image,label\#np1,i\p1.nii,m\p1.nii"#)
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
    #expect(
      error?.description.contains(#"do not exist (folders are separated by /, and \ is a part of a name); correct"#)
        == true)
  }

  @Test(arguments: dialects) func isRead(dialect: (name: String, bytes: Data)) throws {
    let folder = try TemporaryFolder()
    for name in ["i/p1.nii", "m/p1.nii", "i/p2.nii", "m/p2.nii"] { try folder.write(name, [1]) }
    let file = try folder.write("set.csv", Array(dialect.bytes))
    let dataset = try Dataset.open(file)
    #expect(dataset.names == ["p1", "p2"])
    #expect(dataset.cases[0].image.path == folder.file("i/p1.nii").path)
    #expect(dataset.notices.isEmpty)
  }

  /// With tabs, under the name that such tables have.
  @Test func aTableOfTabsIsOne() throws {
    let folder = try TemporaryFolder()
    for name in ["i/p1.nii", "m/p1.nii", "i/p2.nii", "m/p2.nii"] { try folder.write(name, [1]) }
    let file = try folder.write("set.TSV", Self.plain.replacing(",", with: "\t"))
    #expect(try Dataset.open(file).names == ["p1", "p2"])
  }

  @Test(arguments: [
    ("subject,image,mask,fold", #"rename "subject" to case, "mask" to label"#),
    (
      "subject,id,image,seg",
      #"rename "id" to case, "seg" to label; "subject" to patient, if a patient has several cases"#
    ),
    ("case,img,lable", #"rename "img" to image, "lable" to label"#),
    ("a,b,c", "name them there, such as case,image,label"),
  ])
  func columnsUnderOtherNamesAreNamed(head: String, remedy: String) throws {
    #expect(try problems(Array((head + "\nx,y,z\n").utf8)).map { $0.hasSuffix("; \(remedy)") } == [true])
  }

  @Test func columnsThatAreNotReadAreTold() throws {
    let folder = try TemporaryFolder()
    for name in ["i.nii", "m.nii"] { try folder.write(name, [1]) }
    let file = try folder.write("set.csv", "case,image,label,subject,fold,split\na,i.nii,m.nii,s,1,train\n")
    let lines = DatasetNotice.lines(try Dataset.open(file).notices)
    #expect(lines.count == 1)
    #expect(
      lines[0].contains(
        "; rename subject to patient to keep a subject's cases in one fold; folds.by \"fold\" tests each"))
    #expect(lines[0].contains("; which cases train is no column's matter: splits_final.json beside the table"))
  }

  /// One file in both columns, by its path or through a link.
  @Test func anImageAsItsOwnMaskIsRefused() throws {
    let folder = try TemporaryFolder()
    let image = try folder.write("i.nii", [1])
    try FileManager.default.createSymbolicLink(at: folder.file("l.nii"), withDestinationURL: image)
    for (mask, verb) in [("i.nii", "both are"), ("l.nii", "both lead to")] {
      let file = try folder.write("set.csv", "case,image,label\na,i.nii,\(mask)\n")
      let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
      #expect(
        error?.description
          == "\(file.path): line 2: columns image and label: \(verb) \(image.path); write the mask's own path")
    }
  }

  func problems(_ bytes: [UInt8]) throws -> [String] {
    let folder = try TemporaryFolder()
    for name in ["i.nii", "m.nii"] { try folder.write(name, [1]) }
    let file = try folder.write("set.csv", bytes)
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
    return (error?.problems ?? []).map { $0.description.replacingOccurrences(of: file.path + ": ", with: "") }
  }

  @Test func whatIsOddIsNamedWithItsLine() throws {
    #expect(
      try problems(Array("name;image;mask\na;b;c".utf8)) == [
        #"line 1: needs one column named "case" and one column named "label"; its columns are "name", "image", "mask";"#
          + #" rename "name" to case, "mask" to label"#
      ])
    #expect(
      try problems(Array("case,image,label\n".utf8)) == ["names no case; write a line for each below the first one"])
    #expect(try problems(Array("\n".utf8)).map { $0.contains("its columns are none; name them there") } == [true])
    #expect(
      try problems(Array("case,image,label\nM".utf8) + [0xFC] + Array("ller,i.nii,m.nii".utf8))
        == [#"line 2: is neither UTF-8 nor UTF-16 text; save it as "CSV UTF-8""#])
    #expect(
      try problems(Array("case,image,label\na,\"i.nii,m.nii\n".utf8)) == [
        "line 2: a double quote is not closed; close it, or take it out"
      ])
    #expect(
      try problems(Array("case,image,label\n\na,,m.nii\nb,i.nii,\n".utf8))
        == [
          "line 3: column image: case a has none; write the path of its image, or take the line out",
          "line 4: column label: case b has none; write the path of its mask, or take the line out",
        ])
  }

  /// Known by its first bytes, whatever it is called.
  @Test(arguments: [
    (
      Array("PK\u{3}\u{4}..docProps/app.xml..xl/workbook.xml".utf8),
      "is an Excel workbook, and no table; open it and save it as CSV"
    ),
    (
      Array("PK\u{3}\u{4}..mimetypeapplication/vnd.oasis.opendocument.spreadsheet".utf8),
      "is an OpenDocument spreadsheet, and no table; open it and save it as CSV"
    ),
    (
      Array("PK\u{3}\u{4}..mimetypeapplication/vnd.oasis.opendocument.text".utf8),
      "is an OpenDocument text, and no table; write what is in it as a table with the columns case, image, label"
    ),
    (
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1],
      "is a file of Excel or Word from before 2007, and no table; open it and save it as CSV"
    ),
    (Array("PK\u{3}\u{4}data/dataset.json".utf8), "is an archive (zip, rar, 7z), and no table; unpack it"),
    ([0x1F, 0x8B, 8, 0], "is compressed (gzip, bzip2, xz), and no table; unpack it"),
    (Array("<!DOCTYPE html><html>".utf8), "is a web page, and no table; the download needed a sign-in"),
    (
      Array("[ {\"image\": \"a\"}]".utf8), "is JSON, and no table; a table is written as CSV: the line case,image,label"
    ),
    ([], "is empty, and no table; write the line case,image,label"),
    (
      [UInt8](repeating: 0, count: 600),
      "holds zeros only, as after a crash while it was written, and no table; fetch or"
    ),
  ]) func whatIsNoTextIsNamed(bytes: [UInt8], words: String) throws {
    let told = try problems(bytes)
    #expect(told.count == 1 && told[0].hasPrefix(words), "\(told)")
  }

  /// The same under its own name, in whichever layout it is opened.
  @Test(arguments: [DatasetLayout.automatic, .manifest, .nnUNet, .bids])
  func aWorkbookIsToldHowToBecomeATable(layout: DatasetLayout) throws {
    let folder = try TemporaryFolder()
    // Names are at the end of an archive too, behind what is packed in it.
    let packed = [UInt8](repeating: 7, count: 3 << 16)
    let file = try folder.write("cases.xlsx", Array("PK\u{3}\u{4}".utf8) + packed + Array("xl/workbook.xml".utf8))
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file, layout: layout) }
    #expect(
      error?.description
        == "\(file.path): it is an Excel workbook, and a dataset is a folder, or a CSV file of case,image,label; open it and"
        + " save it as CSV (UTF-8); another name alone does not make it one")
  }

  /// One that does not show what it holds is known by its name.
  @Test(arguments: [
    ("xlsx", "it is an Excel workbook"), ("ODS", "it is an OpenDocument spreadsheet"), ("zip", "it is an archive"),
  ])
  func anArchiveThatShowsNothingIsKnownByItsName(ending: String, words: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("cases.\(ending)", Array("PK\u{3}\u{4}junk".utf8))
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
    #expect(error?.description.hasPrefix("\(file.path): \(words)") == true, "\(String(describing: error))")
    let refusal = #expect(throws: PredictionList.Refusal.self) { try PredictionList.read(file) }
    #expect(refusal?.reason.contains("\(words.dropFirst(3))") == true, "\(String(describing: refusal))")
  }

  /// Blanks that belong to a path are kept by quotes; others are padding.
  @Test func whatIsWrittenWithBlanksIsReadAgain() throws {
    let folder = try TemporaryFolder()
    let cases = [
      DatasetCase(name: "a", image: try folder.write(" x/i.nii", [1]), label: try folder.write("y \n/ m.nii", [1]))
    ]
    try Manifest.write(cases, to: folder.file("set.csv"))
    let read = try Dataset.open(folder.file("set.csv")).cases
    #expect(read.map(\.image.path) == cases.map(\.image.path) && read.map(\.label.path) == cases.map(\.label.path))
    try folder.write("set.csv", "case,image,label\n\" a \",\"  x/i.nii\" ,  y \n")
    #expect(throws: DatasetErrors.self) { try Dataset.open(folder.file("set.csv")) }
    try folder.write("x/i.nii", [1])
    try folder.write("x/m.nii", [1])
    try folder.write("set.csv", "case,image,label\n\" a \",\"  x/i.nii\" , x/m.nii \n")
    #expect(try Dataset.open(folder.file("set.csv")).names == ["a"])
  }

  /// A sign that joins its neighbour to one character hides no comma and no quote.
  @Test(arguments: ["\u{0600}", "\u{0301}", "\u{200D}", "\u{FE0F}"])
  func signsThatJoinTheirNeighboursHideNothing(sign: String) throws {
    let folder = try TemporaryFolder()
    let names = ["i\(sign), \(sign)x\(sign)\"\(sign).nii", "m\(sign);.nii"]
    let cases = [
      DatasetCase(
        name: "a", image: try folder.write(names[0], [1]), label: try folder.write(names[1], [1]), patient: "\(sign),p")
    ]
    let file = folder.file("set.csv")
    try Manifest.write(cases, to: file)
    let read = try Dataset.open(file).cases
    #expect(read.count == 1 && read[0].image.path == cases[0].image.path && read[0].label.path == cases[0].label.path)
    #expect(read[0].patient == "\(sign),p")
  }
}
