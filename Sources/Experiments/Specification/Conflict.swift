import Compute
import JSON
import Text
import Volumes

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
  /// A held-out part that validation takes whole.
  case noTestCase(validation: ValidationCases, heldOut: Int, cases: Int, batch: Int = 1)
  /// Training cases that validation takes whole.
  /// - Parameters:
  ///   - cases: of which the folds are drawn; nil where they are given.
  ///   - batch: the largest one, which must be left too.
  case noTrainingCase(validation: ValidationCases, training: Int, cases: Int? = nil, batch: Int = 1)
  /// A held-out part of a file with splits that validation takes whole.
  case noTestCaseInSplits(file: String, fold: Int, validation: ValidationCases, heldOut: Int)
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
  /// A dataset without the `splits_final.json` that folds were to come from: where it would stand, and where one was found.
  case noSplits(dataset: String, place: String, elsewhere: String?)
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
  /// A row of a way of predicting that would be called as a variant is.
  case predictionName(String)
  /// Mirrored images of structures that have a side.
  case mirrorOfSides([String])
  /// A plan of a later program.
  case newerFormat(found: String, known: Int)
}

extension Conflict {
  var isOfStart: Bool { if case .start = self { true } else { false } }

  private static let fromTraining =
    " or take validation cases from those that train (folds.validationFrom: \"training\")"

  /// One case to train with, one to choose the checkpoint, one to test.
  package static let fewestCases = 3

  /// Folds that so many cases make, whatever else is set; and the batch, where one so large cannot be filled in them.
  package static func mostFolds(_ cases: Int, batch: Int = 1) -> String {
    let training = cases - 2
    return "what \(Quantity.of(cases, "case")) always make is \"folds\": {\"count\": \(cases), \"validation\": 1,"
      + " \"validationFrom\": \"training\"}" + (batch > training ? ", with training.batch at most \(training)" : "")
  }

  /// Where the smallest side stands last and is no side of an image: that slices come first.
  private static func otherOrder(_ size: Extent3, _ least: Extent3) -> String {
    var sides = [size.depth, size.height, size.width]
    guard let slices = sides.indices.dropFirst().min(by: { sides[$0] < sides[$1] }), sides[slices] < sides[0],
      sides[slices] < (slices == 1 ? least.height : least.width)
    else { return "" }
    let few = sides.remove(at: slices)
    // The other two are height and width: of some tens, and not far from each other.
    guard let low = sides.min(), let high = sides.max(), few < low / 2, high <= 4 * low, low >= least.height,
      low >= least.width
    else { return "" }
    return ". It stands for [D, H, W], slices first: [\(few), \(sides[0]), \(sides[1])] where images have \(few) slices"
  }

  /// What to write for a number in the place of a structure's name.
  private static func instead(of number: Int, _ name: String?, _ known: [String]?, isElement: Bool) -> String {
    func written(_ name: String) -> String {
      isElement ? CanonicalJSON.quoted(name) : "[\(CanonicalJSON.quoted(name))]"
    }
    if let name { return "; \(number) is \(name): write \(written(name))" }
    guard let known else {
      return
        "; write \(isElement ? "the name that the dataset's labels give it, in double quotes" : "them as the dataset's labels do, [\"NAME\"]")"
    }
    return
      "; no structure has \(number), there are \(known.joined(separator: ", ")): write such as \(written(known.first ?? "L1"))"
  }

  private static func millimetres(_ spacing: [Double]) -> String {
    spacing.map { CanonicalJSON.text($0) }.joined(separator: " x ")
  }

  /// What is wrong and what would be right, to follow the place and a colon.
  package var words: String {
    switch self {
    case .ofVariants(let names, let conflict):
      "of \(names.count == 1 ? "the variant" : "the variants") \(names.map(CanonicalJSON.quoted).joined(separator: ", ")): "
        + conflict.words
    case .duplicateName(let name, let first): "the name \"\(name)\" is already that of \(first); give each its own"
    case .samePlan(let other): "the same model and training as \"\(other)\"; change one of the two or take it out"
    case .seedBesideSeeds(let seed, let path):
      "\(path) takes the place of this seed, and both are written; take one of the two out. To train with \(seed) alone,"
        + " write \"seeds\": [\(seed)] and no other"
    case .unknownVariant(let name, let nearest, let known):
      "no variant is named \"\(name)\"\(nearest.hint); there are "
        + known.joined(separator: ", ")
    case .unknownStructure(let name, let nearest, let known):
      "no structure is named \"\(name)\"\(nearest.hint); there are "
        + known.joined(separator: ", ")
    case .numberForStructure(let number, let name, let known, let isElement):
      "found \(number), a number, where \(isElement ? "the name of a structure stands" : "a list of structures' names stands")"
        + Self.instead(of: number, name, known, isElement: isElement)
    case .augmentation(let problem): problem
    case .mirroredSides(let names):
      "mirroring would exchange left and right, which the structures "
        + names.map(CanonicalJSON.quoted).joined(separator: ", ") + " tell apart; set augmentation.mirroring to false"
    case .minimumRate(let minimum, let rate):
      "the schedule's minimum \(CanonicalJSON.text(minimum)) is above the learning rate \(CanonicalJSON.text(rate));"
        + " lower the minimum"
    case .microBatchIsTheBatch(let part, let batch):
      batch == 1
        ? "a batch of 1 has no parts; leave microBatch out"
        : "parts of \(part) are \(part == batch ? "the whole of" : "larger than") a batch of \(batch), which is computed whole"
          + " without them; leave microBatch out, or lower it to \(batch - 1)\(batch > 2 ? " or less" : "")"
    case .warmUpTakesAll(let warmUp, let epochs):
      "a warm-up of \(Quantity.of(warmUp, "epoch")) leaves none of the \(epochs) to the schedule; lower schedule.warmUp"
    case .idle(let setting, let choice, let standard):
      "\(setting) does nothing with \(choice); leave it out, or set it to \(standard)"
    case .unusedOption(let setting, let choice):
      "\(setting) does nothing with \(choice); leave the option out, or give null to take away what a file says"
    case .noClassCounts: "every class has the weight 0, so that nothing is learnt; give one of them more"
    case .start(let words): words
    case .nesterovWithoutMomentum:
      "there is nothing to look ahead along without momentum; set momentum above 0, or nesterov to false"
    case .model(let found, let rule): "found \(found), \(rule)"
    case .sizeBesideSpacing:
      "a size for all images, and preprocessing.spacing, by which each has its own, exclude each other; take one of the"
        + " two out (\"size\": null where the file that this one extends has it)"
    case .spacingWithoutPatch(let variant):
      "images of a spacing have sizes of their own, and the network of \"\(variant)\" is to see them whole; write"
        + " training.patch, the [D, H, W] that it sees at once, or preprocessing.size in place of the spacing"
    case .otherSpacing(let planned, let images):
      "the network's layers would follow from \(Self.millimetres(planned)) mm, and preprocessing.spacing makes"
        + " \(Self.millimetres(images)) mm of all images; write that as model.spacing"
    case .patchTooLarge(let patch, let longest, let fitting):
      "no image is as large as \(patch): the longest sides are \(longest); take"
        + " [\(fitting.depth), \(fitting.height), \(fitting.width)] or less"
    case .spacingHoldsNoPatch(let spacing, let longest, let least, let fine, let model):
      "at voxels of \(Self.millimetres(spacing)) mm the longest sides of the images are \(longest), and the strides of \(model) take"
        + " \(least) at least, so that no patch fits; take [\(fine.map { CanonicalJSON.text($0) }.joined(separator: ", "))] or finer:"
        + " what the images have is usual"
    case .sizeHoldsNoPatch(let size, let least, let enough, let model):
      "images of \(size) are smaller than the strides of \(model) take, \(least) at least, so that no patch fits; take"
        + " [\(enough.depth), \(enough.height), \(enough.width)] or more"
    case .tooManyVoxels(let size, let batch, let most):
      "\(Quantity.grouped(batch * size.count)) voxels are computed at once (\(size) and a batch of \(batch)), and \(Quantity.grouped(most))"
        + " are the most; take a smaller size or batch"
    case .sizeTooSmall(let size, let least, let model):
      "\(size) (D x H x W: slices, rows, columns) is too small for the strides of \(model); take at least \(least)"
        + Self.otherOrder(size, least)
    case .sizeDoesNotDivide(let size, let suitable, let model):
      "\(size) cannot be halved as often as the rules of \(model) say; take \(suitable)"
    case .phantomLayout(let layout): "a phantom is written as mrspineseg, not \(layout); leave layout at auto"
    case .phantomLabels: "a phantom has no dataset.json; take mrspineseg"
    case .tooFewCases(let cases):
      "\(Quantity.of(cases, "case")) \(cases == 1 ? "does" : "do") not make a fold, whatever is set here; add cases: one to train"
        + " with, one to choose the checkpoint and one to test are the least"
    case .foldsOutnumberCases(let folds, let cases, let batch):
      "\(Quantity.of(folds, "fold")) of \(Quantity.of(cases, "case")); lower folds.count;"
        + " \(Self.mostFolds(cases, batch: batch))"
    case .foldsOutnumberPatients(let folds, let patients, let cases):
      patients.count == 1
        ? "all \(cases) cases are of patient \(patients[0]), whose cases stay in one fold, so that none is left to train;"
          + " correct the patients' names, or leave them out"
        : "\(Quantity.of(folds, "fold")) of \(patients.count) patients (\(Quantity.of(cases, "case"))), each of whom stays in one"
          + " fold; lower folds.count to \(patients.count) or less"
    case .noTestCase(let validation, let heldOut, let cases, let batch):
      "\(validation) of \(heldOut) held out \(validation.leave) none to test; "
        + (heldOut > 1
          ? validation.atMost(heldOut - 1) + ", lower folds.count," + Self.fromTraining
          : "one case cannot both choose the checkpoint and be tested; \(Self.mostFolds(cases, batch: batch))")
    case .noTrainingCase(let validation, let training, let cases, let batch):
      "\(validation) of \(Quantity.of(training, "training case")) \(validation.leave) none to train; "
        + (training > 1
          ? validation.leaving(batch, of: training)
          : "one case cannot both train and choose the checkpoint; "
            + (cases.map { Self.mostFolds($0, batch: batch) } ?? "add cases"))
    case .splitsOfAnother(let splits):
      "\(splits.words); move it away, or set folds.source to \"balanced\", to draw folds here, or write all cases into it"
    case .noTrainingCaseInSplits(let file, let fold):
      "fold \(fold) of \(file) has no training case; move cases from its val to its train"
    case .noTestCaseInSplits(let file, let fold, let validation, let heldOut):
      "\(validation) of the \(heldOut) that fold \(fold) of \(file) holds out \(validation.leave) none to test; "
        + (heldOut > 1
          ? validation.atMost(heldOut - 1) + ","
          : "one case cannot both choose the checkpoint and be tested: hold out at least 2,") + Self.fromTraining
    case .singleValue(let layer, let size, let batch):
      "at \(size) and a batch of \(batch), \(layer) has one value for each channel, which batch normalisation cannot"
        + " train on; take a larger size or batch"
    case .singleValueInLastBatch(let layer, let size, let training, let fold):
      "the last batch of fold \(fold) has 1 of its \(Quantity.of(training, "training case")): at \(size), \(layer) then has one value"
        + " for each channel, which batch normalisation cannot train on; set training.lastBatch to \"drop\", or"
        + " another batch"
    case .batchTooLarge(let batch, let training, let fold):
      "a batch of \(batch) is more than the \(Quantity.of(training, "training case")) of fold \(fold); lower the batch"
    case .labelsNeeded(let dataset):
      "\(dataset) does not say which structures the numbers of its masks are; name them here, such as"
        + " {\"L5\": 1, \"L4\": 2}, or write \"mrspineseg\" where they are MRSpineSeg's"
    case .otherNames(let dataset, let named, let taken):
      "dataset.json of \(dataset) names its structures \(DatasetNotice.shortList(named)), MRSpineSeg's names of the same"
        + " numbers are \(DatasetNotice.shortList(taken)); write \"dataset.json\" here, or name the structures in an"
        + " object if the file is wrong"
    case .noCase(let name, let nearest, let dataset):
      "\(dataset) has no case \"\(name)\"\(nearest.hint); take it out of the list, or correct its name"
    case .excludedTwice(let name): "\"\(name)\" is excluded twice; name it once"
    case .noColumn(let name, let nearest, let known):
      "no table of the cases has a column \"\(name)\"\(nearest.hint); "
        + (known.isEmpty
          ? "there is none: write it into the list of cases, or a CSV file that begins with the line case,\(name), which"
            + " \"groups\": {\"file\": \"FILE.csv\"} below dataset names"
          : "there are \(known.joined(separator: ", "))")
    case .unreadColumn(let name, let file, let example):
      "the column \"\(name)\" stands in \(file), which is not read; \(DatasetNotice.groupsRemedy([name], example))"
    case .noValue(let column, let cases):
      "\(DatasetNotice.shortList(cases, of: "cases")) \(cases.count == 1 ? "has" : "have") no \(column); fill the table in,"
        + " or take the case out by dataset.exclude"
    case .oneGroup(let column):
      "all cases have one \(column), and leaving each out takes at least two; name another column, or take folds.by out"
    case .foldsByAndFromFile:
      "folds from a file are not made by a column; take folds.source: \"auto\" or leave this out"
    case .labelMap(let problem): "\(problem); correct the label map"
    case .noLabels(let dataset): "\(dataset) holds no dataset.json to take labels from; name them here"
    case .noSplits(let dataset, let place, let elsewhere):
      "\(dataset) holds no splits_final.json; "
        + (elsewhere.map { "\($0) is one and is not read there: move it to \(place), or " } ?? "") + "take balanced"
    case .noTestInSplits(let file):
      "no test cases are taken from \(file); name the same cases under \"test\" in each of its folds, beside train and val,"
        + " and let the folds come from it (folds.source: \"file\")"
    case .testIsTrained(let file, let cases):
      "\(file) names \(DatasetNotice.shortList(cases, of: "cases")) under test, and under train or val too; name each once"
    case .otherTestNames(let dataset, let named, let learnt):
      "dataset.json of \(dataset) calls \(DatasetNotice.shortList(named)) what is learnt as"
        + " \(DatasetNotice.shortList(learnt)); give the test set the numbers of the training set, or correct its file"
    case .otherTestChannels(let dataset, let named, let own, let learnt):
      "dataset.json of \(dataset) calls the channels that are read \(DatasetNotice.shortList(named)), that of \(own) calls them"
        + " \(DatasetNotice.shortList(learnt)); name them in dataset.channels instead of numbering them, or correct one of the"
        + " two files"
    case .testIsKnown(let tests, let own):
      "the test set holds images of the training set: "
        + DatasetNotice.shortList(zip(tests, own).map { "\($0) is \($1)" }) + "; take them out of one of the two"
    case .ensembleOfFolds:
      "the networks of other folds were trained on a fold's test cases, so that their mean would be tested on what it was"
        + " trained on; write a test set (test) for an ensemble of folds, or take \"seeds\""
    case .ensembleOfOneSeed:
      "every variant is trained with one seed, so there are no networks to average; write \"seeds\": [2023, 2024, 2025]"
        + " into the experiment's file, or take ensemble out"
    case .predictionName(let name):
      "its row would be called \"\(name)\", as a variant is; give the variant another name"
    case .mirrorOfSides(let names):
      "a mirrored image exchanges left and right, and these structures are of one side: \(names.joined(separator: ", "));"
        + " leave mirror out"
    case .newerFormat(let found, let known):
      "this plan has format \(found), this program knows up to \(known); use a newer safnet"
    }
  }
}
