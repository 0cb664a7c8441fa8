package io.linyu.community;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A resident as staff may see them.
///
/// @param language `zh` or `en`
/// @param called what staff call the person in lists, such as `王阿姨`; never the real name
/// @param phoneMasked fit for the screen, such as `120****0069`
/// @param homeId the territory the person is bound to
/// @param homeAsked when the person was asked for their building; they are asked once
public record Person(
    long id,
    String language,
    @Nullable String called,
    @Nullable String phoneMasked,
    @Nullable Long homeId,
    @Nullable Instant homeAsked) {}
