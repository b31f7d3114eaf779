/// Who trains, who chooses the checkpoint, who is tested: one fifth of a five-fold cross-validation.
package struct Fold: Codable, Hashable, Sendable {
  /// 1 ... k.
  package var number: Int
  package var train: [String]
  package var validation: [String]
  package var test: [String]

  package init(number: Int, train: [String], validation: [String], test: [String]) {
    (self.number, self.train, self.validation, self.test) = (number, train, validation, test)
  }
}

/// nnU-Net's form of a fold, as in `splits_final.json`: it has no test cases, because its `val` is what is reported.
package struct Split: Codable, Hashable, Sendable {
  package var train: [String]
  /// Held out from training: here the fold's validation and test cases together.
  package var val: [String]

  package init(train: [String], val: [String]) { (self.train, self.val) = (train, val) }
}
