-- A new version of a row goes beside the old one, where no index has to learn of it.
ALTER TABLE conversation SET (fillfactor = 60);
