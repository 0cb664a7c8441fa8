package io.linyu.community;

/// Who works here, as they are spoken of.
///
/// @param territoryId where they work
public record StaffName(long id, String code, String name, String role, long territoryId) {}
