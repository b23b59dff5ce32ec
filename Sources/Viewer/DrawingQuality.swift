import CMuJoCo

/// How much work goes into a picture.
public enum DrawingQuality: String, Sendable, CaseIterable {
  /// Small shadow maps, jagged edges, no reflections.
  case fast
  /// Smooth edges and shadows.
  case `default`
  /// The smoothest edges, sharp shadows, reflections.
  case best

  func settings(width: Int, height: Int, textHeight: Int) -> MuJoCoDrawingSettings {
    let (shadows, samples) =
      switch self {
      case .fast: (1024, 0)
      case .default: (2048, 4)
      case .best: (4096, 8)
      }
    return MuJoCoDrawingSettings(
      width: Int32(width), height: Int32(height), shadow_size: Int32(shadows),
      samples: Int32(samples), has_reflections: self == .best,
      font_scale: Self.fontScale(height: textHeight))
  }

  /// The size of letters, in percent of MuJoCo's, that suits pictures of this height.
  private static func fontScale(height: Int) -> Int32 {
    switch height {
    case ..<320: 50
    case ..<720: 100
    case ..<1200: 150
    default: 200
    }
  }
}

/// Where a picture is taken from.
public enum Camera: String, Sendable, CaseIterable {
  /// Goes along with the model.
  case tracking
  /// Stays in place.
  case free

  var kind: MuJoCoCamera {
    switch self {
    case .tracking: .trackingCamera
    case .free: .freeCamera
    }
  }
}
