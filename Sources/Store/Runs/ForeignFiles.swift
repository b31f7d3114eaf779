import Foundation
import System
import Text

/// Files of another run in this one's folder, where somebody has copied or moved them. The folder's name ends as the
/// identity of the run that it is of.
extension RunDirectory {
  private func isNamed(after identity: String) -> Bool { name.hasSuffix("-\(identity.prefix(12))") }

  /// Whether the folder is named as runs are, and after another than that of this plan.
  func isRenamed(from identity: String) -> Bool {
    name.contains(/-[0-9a-f]{12}$/) && !isNamed(after: identity)
  }

  /// That the folder is called as another run than the one it holds, and what leads out; nil where it is not.
  package var misnaming: RunFlaw? { (try? readPlan()).flatMap { nameFlaw(of: $0.identity) } }

  func nameFlaw(of identity: String) -> RunFlaw? {
    guard isRenamed(from: identity) else { return nil }
    return RunFlaw(
      file: planFile.lastPathComponent, cause: "is of the run whose name ends in -\(identity.prefix(12))",
      isNeeded: true, way: "`safnet runs show \(ShellWord.quoted(name))` says how it gets its name back")
  }

  /// Whether the journal says that it is of another run than the one that the folder is named after.
  var hasOthersJournal: Bool { Journal.owner(of: journal).map { isRenamed(from: $0) } ?? false }

  /// The journal as far as it is this run's: without a line where it is another's.
  package func ownJournal() throws -> Journal {
    let found = try Journal.scan(journal)
    return found.owner.map { isRenamed(from: $0) } == true ? Journal() : found
  }

  /// Networks and scores, and whose each is; without what is lost or damaged.
  private var owned: [(file: URL, identity: String)] {
    let networks = ([bestCheckpoint, lastCheckpoint] + earlierCheckpoints()).map { ($0, GuardedFile.Kind.checkpoint) }
    return (networks + [(evaluationFile, .evaluation)]).compactMap { file, kind in
      (try? GuardedFile.header(of: file, kind: kind)).map { (file: file, identity: $0.planIdentity) }
    }
  }

  /// Whether networks or scores are of the run that the folder is named after, and the plan of this identity is not.
  func isAstray(plan identity: String) -> Bool {
    !isNamed(after: identity) && owned.contains { isNamed(after: $0.identity) }
  }

  /// The plan that stands in the place of this one, where something is there that was trained by it; a plan alone holds
  /// nothing that could be lost.
  package func occupant(insteadOf identity: String) -> String? {
    guard let found = try? readPlan().identity, found != identity else { return nil }
    return isNamed(after: identity) && !owned.contains { $0.identity == found } ? nil : found
  }

  /// Gives other names to networks and scores of other runs, so that this one makes its own again.
  ///
  /// - Returns: what each was called, whose it is, and its new place.
  package func setAsideOthers(than identity: String) throws -> [(file: URL, identity: String, place: URL)] {
    try owned.filter { $0.identity != identity }.map { file, other in
      let name = file.deletingPathExtension().lastPathComponent
      let place = self.file("\(name).of-\(other.prefix(12)).\(file.pathExtension)")
      guard rename(file.path, place.path) == 0 else {
        throw SystemError(file: file.path, action: .rename, code: errno)
      }
      return (file, other, place)
    }
  }
}
