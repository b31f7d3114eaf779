import Foundation
import System
import TestSupport
import Testing
import Workbench

/// Where a command is to write, by the one rule for all of them.
@Suite struct OutputPlaceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("file", "mine")
    try FileManager.default.createDirectory(at: folder.file("there"), withIntermediateDirectories: true)
    for (name, target) in [("dead", "gone/x"), ("loop", "loop"), ("live", "there")] {
      try FileManager.default.createSymbolicLink(atPath: folder.file(name).path, withDestinationPath: target)
    }
  }

  /// What it complains about, paths shortened; nil: nothing.
  private func words(_ check: (String, URL) throws -> Void, _ name: String) -> String? {
    do { try check(name, folder.file(name)) } catch {
      return "\(error)".replacingOccurrences(of: folder.url.path + "/", with: "")
    }
    return nil
  }

  private func fileWords(_ name: String) -> String? { words(OutputPlace.requireFile, name) }

  private func folderWords(_ name: String, makesNew: Bool = false) -> String? {
    words({ try OutputPlace.requireFolder($0, at: $1, makesNew: makesNew) }, name)
  }

  @Test func aDeadLinkIsNamedWithWhereItLeads() {
    let dead = "dead is a link to gone/x, which is not there"
    #expect(folderWords("dead") == "dead: \(dead); make that, remove the link, or give another path.")
    #expect(folderWords("dead", makesNew: true) == "dead: \(dead); remove the link, or give another path.")
    #expect(fileWords("dead") == "dead: \(dead); remove the link, or give another path.")
    for makesNew in [false, true] {
      #expect(
        folderWords("dead/below", makesNew: makesNew)
          == "dead/below: \(dead); make that, remove the link, or give another path.")
    }
    #expect(fileWords("dead/below.csv") == "dead/below.csv: \(dead); make that, remove the link, or give another path.")
  }

  @Test func aCircleOfLinksIsNamedAsOne() {
    let words = "loop is a link that leads in a circle; remove it, or give another path."
    for name in ["loop", "loop/below"] {
      #expect(folderWords(name) == "\(name): \(words)")
      #expect(fileWords(name) == "\(name): \(words)")
    }
  }

  @Test func aFileOnTheWayIsNamed() {
    let words = "file is a file, and a folder is needed there: move it away, or give another path."
    for found in [folderWords("file"), folderWords("file/below"), fileWords("file/x.csv")] {
      #expect(found?.hasSuffix(words) == true, "\(found ?? "")")
    }
  }

  /// To other programs it is standard output.
  @Test func aDashIsNoName() {
    #expect(throws: StreamForOutput("-", isFolder: false)) {
      try OutputPlace.requireFile("-", at: folder.file("-"))
    }
    for makesNew in [false, true] {
      #expect(throws: StreamForOutput("-", isFolder: true)) {
        try OutputPlace.requireFolder("-", at: folder.file("-"), makesNew: makesNew)
      }
    }
    #expect(throws: StreamForOutput("/dev/null", isFolder: false)) {
      try OutputPlace.requireFile("/dev/null", at: URL(fileURLWithPath: "/dev/null"))
    }
    #expect(folderWords("./-") == nil && fileWords("-.csv") == nil)
  }

  @Test(arguments: [
    ("s3://b/x", "is an address, and files are written to a folder of this machine"),
    ("http://host/y", "is an address"),
    ("gs://b", "is an address"), ("me@host:results", "is an address"), ("host:/r", "is an address"),
    ("node-1.lab:~/r", "is an address"),
    ("file:///tmp/x", "is an address; give the path alone, /tmp/x."),
    (#"C:\r"#, "is a path of Windows"), ("D:/r", "is a path of Windows"),
    (#"\\server\share"#, "is a path of Windows"),
    ("$SCRATCH/ws", "$SCRATCH is a variable of the shell, which single quotes keep from it: give the path itself"),
    ("/data/${USER}/ws", "${USER} is a variable"), ("out$CASE.nii.gz", "$CASE is a variable"),
  ]) func anAddressIsNoPlace(given: String, words: String) throws {
    let address = try #require(AddressForOutput(given))
    #expect(address.description.hasPrefix("\(given): \(words)"))
    let place = folder.file("x")
    #expect(throws: address) { try OutputPlace.requireFile(given, at: place) }
    #expect(throws: address) { try OutputPlace.requireFolder(given, at: place) }
  }

  @Test(arguments: ["a:b", "./s3://b", "run 12:30", "/data/a@b", "C"]) func aColonMakesNoAddress(given: String) {
    #expect(AddressForOutput(given) == nil)
  }

  /// As it is advised where the sign is truly meant, and where such a folder is there.
  @Test(arguments: [("$X/ws", "./$X/ws"), ("/data/a$X/b", "/data/./a$X/b"), ("a/${X}", "a/./${X}")])
  func aNameWithTheSignOfAVariableIsSaidByAPoint(given: String, meant: String) throws {
    #expect(try #require(AddressForOutput(given)).description.hasSuffix(" is given as '\(meant)'."))
    #expect(AddressForOutput(meant) == nil)
    try FileManager.default.createDirectory(at: folder.file("$there"), withIntermediateDirectories: true)
    #expect(AddressForOutput(folder.file("$there/new").path) == nil && AddressForOutput("5$/x$") == nil)
  }

  @Test func ofAFileTheFolderMustBeThere() {
    #expect(fileWords("none/x.csv") == "none/x.csv: there is no folder none. Make it, or give another name.")
    #expect(fileWords("x.csv") == nil && fileWords("file") == nil && fileWords("live/x.csv") == nil)
  }

  /// A link to what is there is followed.
  @Test func aFolderMayBeMadeOrFilled() {
    for name in ["new", "new/below", "there", "there/below", "live", "live/below"] {
      #expect(folderWords(name) == nil, "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("new").path))
  }
}
