package io.linyu.community;

import org.jspecify.annotations.Nullable;

/// A member of staff in a list.
///
/// @param phone to ring them; null when unknown
/// @param signsIn false as long as no password is set
public record StaffMember(
    long id,
    String code,
    String name,
    String role,
    long territoryId,
    @Nullable String phone,
    boolean signsIn) {}
