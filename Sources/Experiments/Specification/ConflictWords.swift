import Compute
import JSON
import Text
import Volumes

extension Conflict {
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
      "no variant is named \"\(name)\"\(nearest.map(\.inAList).hint); there are "
        + known.map(\.inAList).joined(separator: ", ")
    case .unknownStructure(let name, let nearest, let known):
      "no structure is named \"\(name)\"\(nearest.map(\.inAList).hint); there are "
        + known.map(\.inAList).joined(separator: ", ")
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
        + " \(least) at least, so that no patch fits; "
        + (spacing.sorted() == fine.sorted() ? "spacing is [D, H, W], slices first: " : "")
        + "take [\(fine.map { CanonicalJSON.text($0) }.joined(separator: ", "))] or finer: what the images have is usual"
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
    case .noTestCase(let validation, let heldOut, let cases, let folds, let batch):
      "\(validation) of \(heldOut) held out \(validation.leave) none to test; "
        + (heldOut > 1
          ? validation.leavingATest(of: heldOut, cases: cases, folds: folds, batch: batch)
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
      "\(SplitsFile.named([fold])) of \(file) has no training case; move cases from its val to its train"
    case .noTestCaseInSplits(let file, let fold, _, 0, _):
      "val of \(SplitsFile.named([fold])) of \(file) is empty; each fold needs cases in its val, which choose the checkpoint and"
        + " are tested: move cases from its train to its val"
    case .noTestCaseInSplits(let file, let fold, let validation, let heldOut, let trainingSpares):
      "\(validation) of the \(heldOut) that \(SplitsFile.named([fold])) of \(file) holds out \(validation.leave) none to test; "
        + (heldOut > 1
          ? validation.atMost(heldOut - 1)
          : "one case cannot both choose the checkpoint and be tested: hold out at least 2")
        + (trainingSpares ? ", or \(ValidationCases.fromTraining)" : "")
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
    case .noSplits(let dataset, let place, let elsewhere, let misnamed, let pickle, let unread):
      "\(dataset) holds no splits_final.json; "
        + (elsewhere.map { "\($0) is one and is not read there: move it to \(place), or " }
          ?? misnamed.map { "\($0) is not read: if it is that list, rename it to \(place), or " }
          ?? pickle.map {
            "\($0) is a pickle, as nnU-Net v1 wrote it, and is not read: write its folds as \(place)"
              + " (\(SplitsFile.form)), or "
          } ?? unread.map { "\($0) is not read: write the folds as \(place) (\(SplitsFile.form)), or " } ?? "")
        + "take balanced"
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
    case .checkpointIsTested(let word, let isAlone):
      "every variant tests its \(word) network anyway (training.evaluate); write the other one, or take"
        + " \(isAlone ? "this way of predicting" : "checkpoint") out"
    case .predictionName(let name):
      "its row would be called \"\(name)\", as a variant is; give the variant another name"
    case .mirrorOfSides(let names):
      "a mirrored image exchanges left and right, and these structures are of one side: \(names.joined(separator: ", "));"
        + " leave mirror out"
    case .noLevels(let names):
      "the names of the structures (\(DatasetNotice.shortList(names))) tell no spine: two levels or more, such as L4 and L5, or"
        + " L3/L4 and L4/L5, and each once; leave levels out"
    case .newerFormat(let found, let known):
      "this plan has format \(found), this program knows up to \(known); use a newer safnet"
    }
  }

  private static func millimetres(_ spacing: [Double]) -> String {
    spacing.map { CanonicalJSON.text($0) }.joined(separator: " x ")
  }
}
