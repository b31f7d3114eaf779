/// The smallest experiment that shows everything: two variants, two folds, a phantom that is made where it is missing.
/// A run of it trains in about a second.
package enum SmallExperiment {
  package static let variants = ["SAFNet", "Base"]

  package static func json(epochs: Int = 2, cases: Int = 8) -> String {
    """
    {
      "name": "small",
      "dataset": { "path": "phantom", "phantom": { "cases": \(cases), "seed": 5, "height": 96, "width": 96 } },
      "preprocessing": { "size": [6, 32, 16] },
      "augmentation": false,
      "folds": { "count": 2, "validation": 1 },
      "model": { "kind": "safnet", "width": 16, "stem": [8, 16] },
      "training": { "epochs": \(epochs), "batch": 2 },
      "variants": [
        { "name": "SAFNet" },
        { "name": "Base", "model": { "aspp": false, "attention": false, "multiscale": false } }
      ]
    }
    """
  }
}
