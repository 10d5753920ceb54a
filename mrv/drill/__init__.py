"""Drills: kills, duplicates, full disks, tampering, and what comes out of them. Each works on homes of its own and reports what it saw."""
