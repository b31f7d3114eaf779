import ArgumentParser
import Foundation
import Slurm

/// `--site`, of the commands that deal with a cluster.
struct SiteOptions: ParsableArguments {
  @Option(
    name: .customLong("site"),
    help: ArgumentHelp("What the cluster wants to be told of a job; see docs/cluster.md.", valueName: "file"))
  var file: String?

  /// - Parameters: as given beside it.
  func profile(jobs: Int? = nil, threads: Int? = nil) throws -> SiteProfile? {
    guard let file else { return nil }
    var profile = try SiteProfile.load(URL(fileURLWithPath: file))
    if let jobs { profile.atOnce = jobs }
    if let threads { profile.cpus = threads }
    return profile
  }
}
