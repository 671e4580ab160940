"""The models that are here: folders, other apps' files, what the person says of each."""
