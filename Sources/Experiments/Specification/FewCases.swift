import JSON
import Models
import Text
import Volumes

extension Specification {
  /// Mistakes that show once the number of cases is known, for folds drawn by seed.
  package func conflicts(cases: Int) -> [SpecificationError] {
    if folds.source == .file || folds.by != nil { return [] }
    guard cases >= Conflict.fewestCases else { return [error(.tooFewCases(cases), at: "folds.count")] }
    guard folds.count <= cases else {
      return [error(.foldsOutnumberCases(folds: folds.count, cases: cases, batch: largestBatch), at: "folds.count")]
    }
    let heldOut = cases / folds.count
    // The first parts are larger by one case where they cannot all be equal.
    let larger = cases % folds.count
    let least = cases - heldOut - (larger > 0 ? 1 : 0)
    let fromTraining = folds.validationFrom == .training
    guard folds.validation < (fromTraining ? least : heldOut) else {
      let conflict =
        fromTraining
        ? Conflict.noTrainingCase(
          validation: validationCases, training: least, cases: cases, batch: largestBatch)
        : .noTestCase(
          validation: validationCases, heldOut: heldOut, cases: cases, folds: folds.count, batch: largestBatch)
      return [error(conflict, at: "folds.validation")]
    }
    let drawn = fromTraining ? folds.validation : 0
    let first = conflicts(trainingCases: least - drawn, fold: 1)
    return !first.isEmpty || larger == 0 ? first : conflicts(trainingCases: cases - heldOut - drawn, fold: larger + 1)
  }

  /// Batches that a fold with so many training cases cannot fill, or whose last one cannot be normalised.
  func conflicts(trainingCases: Int, fold: Int) -> [SpecificationError] {
    let found = variants.indices.compactMap { index -> (variant: Int, error: SpecificationError)? in
      let training = variants[index].training
      guard training.batch <= trainingCases else {
        let conflict = Conflict.batchTooLarge(batch: training.batch, training: trainingCases, fold: fold)
        return (index, error(conflict, at: written("batch", of: "training", variant: index)))
      }
      // A batch of 1 throughout was refused with the file itself.
      guard training.batch > 1, let last = training.batches(of: trainingCases).last,
        training.parts.sizes(of: last).min() == 1,
        let layer = variants[index].model.layerOfOneValue(at: inputExtent(of: training), batch: 1)
      else { return nil }
      let conflict = Conflict.singleValueInLastBatch(
        layer: layer, size: inputExtent(of: training), training: trainingCases, fold: fold)
      return (index, error(conflict, at: written("batch", of: "training", variant: index)))
    }
    return together(found)
  }
}

extension Conflict {
  /// One case to train with, one to choose the checkpoint, one to test.
  package static let fewestCases = 3

  /// Folds that so many cases make, whatever else is set; and the batch, where one so large cannot be filled in them.
  package static func mostFolds(_ cases: Int, batch: Int = 1) -> String {
    let training = cases - 2
    return "what \(Quantity.of(cases, "case")) always make is \"folds\": {\"count\": \(cases), \"validation\": 1,"
      + " \"validationFrom\": \"training\"}" + (batch > training ? ", with training.batch at most \(training)" : "")
  }
}
