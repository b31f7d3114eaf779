/// Random changes to training cases: in-plane rotation, contrast, smooth in-plane elastic deformation (the paper names
/// the three; the ranges are ours), and those of nnU-Net that an experiment switches on.
///
/// A step with probability 0 is off. Images are sampled linearly, labels by the nearest voxel.
package struct Augmentation: Codable, Hashable, Sendable {
  package struct Rotation: Codable, Hashable, Sendable {
    package var probability: Double
    /// The angle is uniform in ±degrees.
    package var degrees: Double

    package init(probability: Double = 0.5, degrees: Double = 15) {
      (self.probability, self.degrees) = (probability, degrees)
    }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let paper = Rotation()
      probability = try values.decodeIfPresent(Double.self, forKey: .probability) ?? paper.probability
      degrees = try values.decodeIfPresent(Double.self, forKey: .degrees) ?? paper.degrees
    }
  }

  package struct Contrast: Codable, Hashable, Sendable {
    package var probability: Double
    /// The factor on the difference from the mean is uniform in lower ... upper.
    package var lower: Double
    package var upper: Double

    package init(probability: Double = 0.5, lower: Double = 0.75, upper: Double = 1.25) {
      (self.probability, self.lower, self.upper) = (probability, lower, upper)
    }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let paper = Contrast()
      probability = try values.decodeIfPresent(Double.self, forKey: .probability) ?? paper.probability
      lower = try values.decodeIfPresent(Double.self, forKey: .lower) ?? paper.lower
      upper = try values.decodeIfPresent(Double.self, forKey: .upper) ?? paper.upper
    }
  }

  package struct Elastic: Codable, Hashable, Sendable {
    package var probability: Double
    /// No point moves farther than this along H or W, in mm.
    package var millimetres: Double
    /// Distance of the control points, in mm. More than four times `millimetres`, so that nothing can fold over itself.
    package var controlSpacing: Double

    package init(probability: Double = 0.5, millimetres: Double = 6, controlSpacing: Double = 32) {
      (self.probability, self.millimetres, self.controlSpacing) = (probability, millimetres, controlSpacing)
    }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let paper = Elastic()
      probability = try values.decodeIfPresent(Double.self, forKey: .probability) ?? paper.probability
      millimetres = try values.decodeIfPresent(Double.self, forKey: .millimetres) ?? paper.millimetres
      controlSpacing = try values.decodeIfPresent(Double.self, forKey: .controlSpacing) ?? paper.controlSpacing
    }
  }

  package var rotation: Rotation
  package var contrast: Contrast
  package var elastic: Elastic
  // Nil: off. Plans without them are those of before they were there.
  package var scaling: Scaling?
  package var mirroring: Mirroring?
  package var noise: Noise?
  package var blur: Blur?
  package var brightness: Brightness?
  package var shift: Shift?
  package var lowResolution: LowResolution?
  package var gamma: Gamma?

  package init(rotation: Rotation = Rotation(), contrast: Contrast = Contrast(), elastic: Elastic = Elastic()) {
    (self.rotation, self.contrast, self.elastic) = (rotation, contrast, elastic)
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    rotation = try values.decodeIfPresent(Rotation.self, forKey: .rotation) ?? Rotation()
    contrast = try values.decodeIfPresent(Contrast.self, forKey: .contrast) ?? Contrast()
    elastic = try values.decodeIfPresent(Elastic.self, forKey: .elastic) ?? Elastic()
    scaling = try values.decodeIfPresent(Scaling.self, forKey: .scaling)
    mirroring = try values.decodeIfPresent(Mirroring.self, forKey: .mirroring)
    noise = try values.decodeIfPresent(Noise.self, forKey: .noise)
    blur = try values.decodeIfPresent(Blur.self, forKey: .blur)
    brightness = try values.decodeIfPresent(Brightness.self, forKey: .brightness)
    shift = try values.decodeIfPresent(Shift.self, forKey: .shift)
    lowResolution = try values.decodeIfPresent(LowResolution.self, forKey: .lowResolution)
    gamma = try values.decodeIfPresent(Gamma.self, forKey: .gamma)
  }

  /// What is out of range, as (key path, what is wrong); empty when all is sound.
  package var problems: [(path: String, message: String)] {
    var found: [(path: String, message: String)] = []
    func check(_ holds: Bool, _ path: String, _ message: String) {
      if !holds { found.append((path, message)) }
    }
    for (name, value) in [
      ("rotation", rotation.probability), ("contrast", contrast.probability), ("elastic", elastic.probability),
    ] {
      check(value >= 0 && value <= 1, "\(name).probability", "\(value) is not between 0 and 1")
    }
    check(rotation.degrees >= 0 && rotation.degrees <= 180, "rotation.degrees", "\(rotation.degrees) is not 0 to 180")
    check(contrast.lower > 0, "contrast.lower", "\(contrast.lower) is not above 0")
    check(
      contrast.upper >= contrast.lower && contrast.upper.isFinite, "contrast.upper",
      "\(contrast.upper) is below lower (\(contrast.lower))")
    check(elastic.millimetres >= 0, "elastic.millimetres", "\(elastic.millimetres) is negative")
    check(
      elastic.controlSpacing > 4 * elastic.millimetres && elastic.controlSpacing.isFinite, "elastic.controlSpacing",
      "\(elastic.controlSpacing) is not above four times millimetres (\(elastic.millimetres)): space could fold")
    return found + furtherProblems
  }
}
