import Foundation
import System
import TestSupport
import Testing

@Suite struct DeadLinkTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func link(_ name: String, to target: String) throws -> URL {
    try FileManager.default.createSymbolicLink(atPath: folder.file(name).path, withDestinationPath: target)
    return folder.file(name)
  }

  @Test func itLeadsWhereTheLastLinkLeads() throws {
    let file = try link("a", to: "b")
    #expect(DeadLink(at: file)?.target == folder.file("b").path)
    _ = try link("b", to: "../c/d")
    let found = try #require(DeadLink(at: file))
    let above = folder.url.resolvingSymlinksInPath().deletingLastPathComponent()
    #expect(found.link == file.path && found.target == above.appending(path: "c/d").path)
  }

  @Test func aPathBelowALinkNamesTheLink() throws {
    let place = try link("disk", to: "/gone")
    let found = try #require(DeadLink(at: place.appending(path: "x/y.nii")))
    #expect(found.link == place.path && found.target == "/gone")
  }

  @Test func oneThatComesBackToItselfLeadsInACircle() throws {
    let (one, own) = (try link("one", to: "two"), try link("own", to: "own"))
    _ = try link("two", to: "one")
    for file in [one, own] {
      let found = try #require(DeadLink(at: file))
      #expect(found.isCircle && found.words == "\(file.path) is a link that leads in a circle")
      #expect(found.remedy() == "remove it, or give another path" && found.remedy(makesNew: true) == found.remedy())
      #expect(DeadLink(at: file.appending(path: "below"))?.link == file.path)
    }
  }

  @Test func itsWordsNameTheLinkOrThePathThatIsOne() throws {
    let file = try link("a", to: "/gone/b")
    let found = try #require(DeadLink(at: file))
    #expect(found.words == "\(file.path) is a link to /gone/b, which is not there")
    #expect(found.words(of: file.path) == "it is a link to /gone/b, which is not there")
    #expect(found.words(of: file.path + "/below") == found.words)
    #expect(found.remedy() == "make that, remove the link, or give another path")
    #expect(found.remedy(makesNew: true) == "remove the link, or give another path")
  }

  /// A file, a link to one, nothing at all, nothing in a folder that a link leads to.
  @Test func nothingElseIsOne() throws {
    try folder.write("there/file", [1])
    let live = try link("live", to: folder.file("there").path)
    for path in [folder.file("there/file"), live, folder.file("none"), live.appending(path: "none")] {
      #expect(DeadLink(at: path) == nil)
    }
  }
}
