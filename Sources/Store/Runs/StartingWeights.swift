import Compute
import Foundation
import System

/// Weights that runs begin with: a file each, named by the SHA-256 of what it holds. Kept in the workspace, because the run
/// that they are from may be removed.
extension Workspace {
  package var startsFolder: URL { root.appending(path: "starts", directoryHint: .isDirectory) }

  /// - Parameter digest: as `Checkpoint.weightsDigest` gives it.
  package func startFile(_ digest: String) -> URL {
    startsFolder.appending(path: "\(digest).h5", directoryHint: .notDirectory)
  }

  /// Every file of weights that is kept, with the identity of the plan that trained it.
  package func keptStarts() throws -> [(file: URL, plan: String)] {
    guard access(startsFolder.path, F_OK) == 0 else { return [] }
    return try Folder.names(in: startsFolder).filter { $0.hasSuffix(".h5") }.sorted().compactMap { name in
      let file = startsFolder.appending(path: name, directoryHint: .notDirectory)
      return (try? CheckpointFile.header(of: file)).map { (file, $0.planIdentity) }
    }
  }

  /// Keeps the weights of a checkpoint, unless they are there and whole.
  package func keepStart(_ checkpoint: Checkpoint) throws {
    let (weights, digest) = (checkpoint.weightsAlone, checkpoint.weightsDigest)
    if (try? CheckpointFile.read(startFile(digest)).weightsDigest) == digest { return }
    try Folder.create(startsFolder)
    try CheckpointFile.write(weights, to: startFile(digest))
  }
}

extension RunDirectory {
  /// The workspace that it stands in.
  package var workspace: Workspace {
    Workspace(url.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent())
  }
}

extension Checkpoint {
  /// What a prediction rests on, and whose it is: no moments, no history.
  package var weightsAlone: Checkpoint {
    Checkpoint(
      planIdentity: planIdentity, programVersion: programVersion, numericsVersion: numericsVersion, epoch: epoch,
      step: 0, journalPosition: 0, history: [],
      sections: sections.filter { ["parameters", "statistics"].contains($0.key) })
  }
}
