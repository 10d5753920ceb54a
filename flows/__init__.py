"""When and where the pipeline runs: Prefect flows that wrap `mrv.pipeline`, nothing else."""
