-- What an object names stands in its fields. No Grip ever tied two objects together otherwise.
DROP TABLE link;
