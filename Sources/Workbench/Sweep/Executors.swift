import Scheduling
import Slurm

extension ExecutorList {
  /// Those of the program.
  ///
  /// - Parameter site: of the cluster that runs are handed in to, if there is one.
  package static func all(site: SiteProfile? = nil) -> ExecutorList { ExecutorList([.local, .slurm(site: site)]) }
}
