mod noise;
mod synthetic;
