import Foundation
import Testing

/// Where XLA's plugin lies that tests of devices run on; nil where `SAFNET_PJRT_PLUGIN` names none.
package let devicePlugin: String? = {
  let named = ProcessInfo.processInfo.environment["SAFNET_PJRT_PLUGIN"]
  return named == "" ? nil : named
}()

extension Trait where Self == ConditionTrait {
  /// Skips a test in one line where there is no plugin.
  package static var needsDevicePlugin: Self {
    .enabled(
      if: devicePlugin != nil, "no PJRT plugin: make plugin, or set SAFNET_PJRT_PLUGIN to one's .so file")
  }
}
