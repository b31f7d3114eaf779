import Compute
import Experiments
import JSON

extension ExperimentEstimate {
  /// For scripts: bytes, counts and seconds as plain numbers.
  package var json: JSONValue {
    [
      "experiment": .string(name), "size": [.count(extent.depth), .count(extent.height), .count(extent.width)],
      "classes": .count(classes), "threads": .count(threads), "runs": .count(runs),
      "checkpointBytes": .count(checkpointBytes), "cacheBytes": .count(cacheBytes),
      "seconds": seconds.map { .number($0) } ?? .null,
      "folds": .array(
        folds.map { ["train": .count($0.train), "validation": .count($0.validation), "test": .count($0.test)] }),
      "variants": .array(variants.map(\.json)), "freeMemory": freeMemory.map(JSONValue.count) ?? .null,
      "shortages": .array(shortages.map(\.json)),
      "sharing": throughput.map { .array($0.ways.map(json)) } ?? .null,
      "sweep": taken.map {
        [
          "jobs": .count($0.sharing.jobs), "threads": .count($0.sharing.threads),
          "seconds": seconds($0).map { .number($0) } ?? .null,
        ]
      } ?? .null,
    ]
  }

  private func json(_ way: Throughput.Way) -> JSONValue {
    [
      "jobs": .count(way.sharing.jobs), "threads": .count(way.sharing.threads),
      "casesPerSecond": .number(way.casesPerSecond),
      "runsPerDay": runsPerDay(way).map { .number($0) } ?? .null,
    ]
  }
}

extension ExperimentEstimate.VariantEstimate {
  fileprivate var json: JSONValue {
    var members: JSONValue = [
      "name": .string(variant.name), "kind": .string(variant.model.kind),
      "parameters": .count(cost.parameters), "multiplyAdds": .count(cost.multiplyAdds),
      "trainingBytes": .count(cost.trainingBytes), "inferenceBytes": .count(cost.inferenceBytes),
      "batch": .count(variant.training.batch), "epochs": .count(variant.training.epochs), "runs": .count(runs),
      "seeds": .array(variant.seeds.map { .number(Double($0)) }), "steps": .count(steps),
      "checkpointBytes": .count(checkpointBytes),
      "seconds": seconds.map { .number($0) } ?? .null,
      "measurement": measurement.map(\.json) ?? .null,
    ]
    if variant.training.patch != nil {
      members = members.with([
        ("patch", [.count(extent.depth), .count(extent.height), .count(extent.width)]), ("windows", .number(windows)),
      ])
    }
    return members
  }
}

extension MemoryShortage {
  fileprivate var json: JSONValue {
    [
      "variant": .string(variant), "batch": .count(batch), "bytes": .count(needed),
      "fittingBatch": fitting.map { .count($0.batch) } ?? .null,
    ]
  }
}

extension StepMeasurement {
  fileprivate var json: JSONValue {
    [
      "trainingSecondsPerCase": .number(trainingSecondsPerCase), "predictionSeconds": .number(predictionSeconds),
      "size": [.count(measuredExtent.depth), .count(measuredExtent.height), .count(measuredExtent.width)],
      "batch": .count(measuredBatch), "scale": .number(scale),
    ]
  }
}

extension JSONValue {
  fileprivate static func count(_ count: Int) -> JSONValue { .number(Double(count)) }
}
