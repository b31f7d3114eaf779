import Experiments
import JSON
import Networks
import Text

/// The devices that an experiment's runs could be handed to, and what each variant takes on one of them.
package struct DevicePlan {
  /// What one variant's training takes on a device.
  package struct Need {
    /// The variant's name.
    package let variant: String
    /// Cases per step.
    package let batch: Int
    /// What was told, or why nothing was.
    package let memory: Result<DeviceMemory, Refusal>
  }

  /// Why nothing is known, as the device says it.
  package struct Refusal: Error { package let words: String }

  /// Every device; one where the engine is a single one already.
  package let engines: [any Engine]
  /// In the experiment's order; nil: nothing was compiled.
  package let needs: [Need]?

  /// Opens the devices; nil where the engine has none of its own.
  ///
  /// - Parameter compiles: whether each variant is compiled for the first device, to learn what it takes.
  package init?(_ specification: Specification, classes: Int, engine: any Engine, compiles: Bool) {
    guard let first = engine.numbered(0) else { return nil }
    engines = first.name == engine.name ? engine.devices : [engine]
    guard compiles else {
      needs = nil
      return
    }
    needs = specification.variants.compactMap { variant in
      let request = SessionRequest(
        variant.training, model: variant.model, extent: specification.inputExtent(of: variant.training),
        classes: classes, trainingBatches: [variant.training.batch], threads: 1)
      let memory = Result { try engine.deviceMemory(of: request) }.mapError { Refusal(words: "\($0)") }
      return switch memory {
      case .success(let told):
        told.map { Need(variant: variant.name, batch: variant.training.batch, memory: .success($0)) }
      case .failure(let refusal): Need(variant: variant.name, batch: variant.training.batch, memory: .failure(refusal))
      }
    }
  }

  /// What `safnet plan` prints below its table.
  package var lines: [String] {
    guard let needs else { return [deviceLine, "Memory on the device: not asked for (--no-measure)."] }
    return [deviceLine] + needs.map(\.line)
  }

  private var deviceLine: String {
    let kinds = engines.map(\.hardware)
    let alike = Set(kinds).count == 1
    let names = zip(engines.map(\.name), kinds).map { alike ? $0 : "\($0) (\($1))" }.joined(separator: ", ")
    let what = (engines.count == 1 ? "Device: " : "Devices: ") + names + (alike ? " (\(kinds[0]))" : "")
    if engines.count < 2 { return what + ", one run at a time." }
    return what + ". --jobs \(engines.count), or --device with their numbers, trains on all at once, one run on each."
  }

  /// For scripts.
  package var json: JSONValue {
    [
      "devices": .array(engines.map { ["name": .string($0.name), "hardware": .string($0.hardware)] }),
      "memory": needs.map { .array($0.map(\.json)) } ?? .null,
    ]
  }
}

extension DevicePlan.Need {
  fileprivate var line: String {
    let place = "Memory on the device, \(variant) at batch \(batch): "
    switch memory {
    case .failure(let refusal): return place + refusal.words
    case .success(let memory):
      guard let training = memory.training else { return place + "its plugin does not tell." }
      let inference = memory.inference.map { ", \(Quantity.bytes($0.total)) to predict" } ?? ""
      let figures = "\(Quantity.bytes(training.total)) to train\(inference), as XLA compiled it"
      guard let limit = memory.limit else { return place + figures + "." }
      let fits = training.total <= limit
      return place + figures + (fits ? "; " : ". It does not fit the ") + Quantity.bytes(limit)
        + (fits ? " may be had." : " that may be had: take a smaller batch.")
    }
  }

  fileprivate var json: JSONValue {
    func count(_ bytes: Int?) -> JSONValue { bytes.map { .number(Double($0)) } ?? .null }
    return switch memory {
    case .failure(let refusal): ["name": .string(variant), "problem": .string(refusal.words)]
    case .success(let memory):
      [
        "name": .string(variant), "trainingBytes": count(memory.training?.total),
        "inferenceBytes": count(memory.inference?.total),
        "limitBytes": count(memory.limit),
      ]
    }
  }
}
