/// What a person did to a window.
public enum ViewerEvent: Sendable, Hashable {
  case key(ViewerKey)
  /// The window's close button, or the window manager's command; the window is still there.
  case close
}

/// A key that was pressed.
public enum ViewerKey: Sendable, Hashable {
  case space, tab, enter, escape
  case left, right, up, down
  /// A key that types something, by what it types without shift: `"r"`, `"="`, and `"+"` where the
  /// keyboard has it without shift or on its keypad.
  case character(Character)

  /// Whether the key does the same again as long as it is held down.
  var repeats: Bool {
    switch self {
    case .left, .right, .up, .down: true
    case .character(let character): "+=-".contains(character)
    case .space, .tab, .enter, .escape: false
    }
  }
}
