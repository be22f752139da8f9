#!/bin/bash
# One batch on a Slurm cluster: sbatch --array=1-16 slurm.sh RECORDINGS OUT
# Every task takes its share by SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT. Both folders are seen by every node.
#SBATCH --job-name=greenroom
#SBATCH --cpus-per-task=2
#SBATCH --mem=2G
#SBATCH --requeue
#SBATCH --open-mode=append
set -eu
exec "${GREENROOM:-greenroom}" transcribe "$1" --recursive --out "$2" --format json,txt,csv --jobs "${SLURM_CPUS_PER_TASK:-1}"

# When all tasks are done, once:   greenroom transcribe --merge OUT
