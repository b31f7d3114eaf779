import Compute
import JSON

/// Values that are sound alone but not together.
package indirect enum Conflict: Equatable, Sendable {
  /// What some of several variants have in common, by their names.
  case ofVariants([String], Conflict)
  /// Two variants of one name; where the first stands.
  case duplicateName(String, first: JSONPath)
  /// Two variants that would train the same runs; the name of the first.
  case samePlan(as: String)
  /// A seed, and seeds that would take its place.
  case seedBesideSeeds(UInt64, at: JSONPath)
  /// A baseline that is no variant.
  case unknownVariant(String, nearest: String?, known: [String])
  /// A group's structure that is not learnt.
  case unknownStructure(String, nearest: String?, known: [String])
  /// A number where names of structures stand; the structure that it is in masks, if one has it, and all of them, if known.
  case numberForStructure(Int, name: String?, known: [String]?, isElement: Bool)
  /// Numbers of one augmentation that do not go together, in words that say so.
  case augmentation(String)
  /// Mirroring of structures that have a side, by name.
  case mirroredSides([String])
  /// A schedule's least rate above the rate at the start.
  case minimumRate(Double, above: Double)
  /// Parts of a batch that are no smaller than it.
  case microBatchIsTheBatch(Int, batch: Int)
  /// A warm-up that leaves no epoch to the schedule.
  case warmUpTakesAll(Int, epochs: Int)
  /// A setting that another choice would use; what it is where nothing is said.
  case idle(String, with: String, standard: String)
  /// The same of an option, whatever it says.
  case unusedOption(String, with: String)
  /// Weights of the classes that are all 0.
  case noClassCounts
  /// Weights that cannot be begun with, in words that say so.
  case start(String)
  /// Nesterov's look ahead without a momentum.
  case nesterovWithoutMomentum
  /// A network's property that cannot be what it is: its JSON, and the rule.
  case model(found: String, rule: String)
  /// A size for all images, and a spacing that gives each its own.
  case sizeBesideSpacing
  /// Images of many sizes for a network that sees whole ones.
  case spacingWithoutPatch(variant: String)
  /// A network whose layers follow from another spacing than the images have.
  case otherSpacing([Double], images: [Double])
  /// A patch that no image is as long as, along some axis; the longest sides, and what would fit.
  case patchTooLarge(Extent3, longest: Extent3, fitting: Extent3)
  /// A spacing so coarse that no image is as large as a network needs; `fine`: one that leaves enough.
  case spacingHoldsNoPatch([Double], longest: Extent3, least: Extent3, fine: [Double], model: String)
  /// The same of a size for all images.
  case sizeHoldsNoPatch(Extent3, least: Extent3, enough: Extent3, model: String)
  /// A size that a network's strides leave a rest of.
  case sizeDoesNotDivide(Extent3, suitable: Extent3, model: String)
  /// An input whose deepest features would have no position of their own.
  case tooManyVoxels(Extent3, batch: Int, most: Int)
  case sizeTooSmall(Extent3, least: Extent3, model: String)
  /// A phantom in another layout than the one it is written in.
  case phantomLayout(String)
  /// A phantom whose labels would be read from a file that it does not have.
  case phantomLabels
  /// More folds than cases.
  case tooFewCases(Int)
  case foldsOutnumberCases(folds: Int, cases: Int, batch: Int = 1)
  /// More folds than patients, whose cases stay together.
  case foldsOutnumberPatients(folds: Int, patients: [String], cases: Int)
  /// A held-out part that validation takes whole; of so many folds.
  case noTestCase(validation: ValidationCases, heldOut: Int, cases: Int, folds: Int, batch: Int = 1)
  /// Training cases that validation takes whole.
  /// - Parameters:
  ///   - cases: of which the folds are drawn; nil where they are given.
  ///   - batch: the largest one, which must be left too.
  case noTrainingCase(validation: ValidationCases, training: Int, cases: Int? = nil, batch: Int = 1)
  /// A held-out part of a file with splits that validation takes whole.
  /// - Parameter trainingSpares: whether those that train are enough for validation too.
  case noTestCaseInSplits(
    file: String, fold: Int, validation: ValidationCases, heldOut: Int, trainingSpares: Bool)
  /// A fold of such a file whose `train` is empty.
  case noTrainingCaseInSplits(file: String, fold: Int)
  /// A file of folds in which half of the cases or more do not stand.
  case splitsOfAnother(StrangeSplits)
  /// A batch normalisation that would see one value per channel, in every batch.
  case singleValue(layer: String, size: Extent3, batch: Int)
  /// The same in an epoch's last batch only.
  case singleValueInLastBatch(layer: String, size: Extent3, training: Int, fold: Int)
  /// A batch that no epoch of the fold could fill.
  case batchTooLarge(batch: Int, training: Int, fold: Int)
  /// A dataset without the `dataset.json` that labels were to come from.
  case noLabels(dataset: String)
  /// A dataset that does not name its structures, and an experiment that does not either.
  case labelsNeeded(dataset: String)
  /// MRSpineSeg's structures for masks whose `dataset.json` calls their numbers otherwise.
  case otherNames(dataset: String, named: [String], taken: [String])
  /// A case to take out that the dataset does not have.
  case noCase(String, nearest: String?, dataset: String)
  /// A case that is taken out twice.
  case excludedTwice(String)
  /// A column that no table of the cases has.
  case noColumn(String, nearest: String?, known: [String])
  /// A column that stands in BIDS's table of subjects alone, which is not read; with a case's name.
  case unreadColumn(String, file: String, example: String)
  /// A column without a value for some cases.
  case noValue(column: String, cases: [String])
  /// A column by which cases are held out, and one value in it.
  case oneGroup(column: String)
  /// Folds by a column, and from a file.
  case foldsByAndFromFile
  /// A label map that the dataset makes unusable, in words that say so.
  case labelMap(String)
  /// A dataset without the `splits_final.json` that folds were to come from: where it would stand, and where one was found,
  /// or one of another name, or nnU-Net v1's.
  case noSplits(dataset: String, place: String, elsewhere: String?, misnamed: String?, pickle: String?, unread: String?)
  /// A test set that the splits of the dataset are to name, and do not, or that is not theirs to name.
  case noTestInSplits(file: String)
  /// Cases of such a test set that a fold uses too.
  case testIsTrained(file: String, cases: [String])
  /// A test set that calls the numbers of its masks otherwise.
  case otherTestNames(dataset: String, named: [String], learnt: [String])
  /// A test set that calls the channels of its images otherwise.
  case otherTestChannels(dataset: String, named: [String], own: String, learnt: [String])
  /// Cases of a test set, and the cases of the experiment's own that hold the same image.
  case testIsKnown(tests: [String], own: [String])
  /// An ensemble of folds without a test set.
  case ensembleOfFolds
  /// An ensemble of seeds where every variant has one.
  case ensembleOfOneSeed
  /// A way of predicting by the network (best, last) that every variant tests anyway, and whether it says nothing else.
  case checkpointIsTested(String, isAlone: Bool)
  /// A row of a way of predicting that would be called as a variant is.
  case predictionName(String)
  /// Mirrored images of structures that have a side.
  case mirrorOfSides([String])
  /// Levels to be named where no two structures are levels of the spine.
  case noLevels([String])
  /// A plan of a later program.
  case newerFormat(found: String, known: Int)
}

extension Conflict {
  var isOfStart: Bool { if case .start = self { true } else { false } }
}
