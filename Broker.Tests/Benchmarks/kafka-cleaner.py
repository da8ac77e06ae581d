#!/usr/bin/env python3
"""What Kafka's cleaner takes for the logs of CleanerBenchmark, with settings equal to it: a map of 128 MiB, 512 KiB of I/O buffers, one thread.

    kafka-cleaner.py KAFKA SOURCE WORK [PORT]

KAFKA    script that runs Kafka's jars: 'KAFKA format|run PORT DATA NODE VOTERS KEY=VALUE...'
SOURCE   directory of one partition, as AKKASTREAM_BENCH=cleaner-data makes it
WORK     scratch directory on the same volume; what lies in WORK/data goes
Prints bytes, seconds, CPU seconds of the cleaner's thread alone (without the garbage collector and the compiler that work for it) and of the whole process from when
that thread began until the checkpoint says that all is clean, and the process's memory.
"""
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

kafka, source, work = sys.argv[1:4]
port = sys.argv[4] if len(sys.argv) > 4 else "21120"
data, topic = os.path.join(work, "data"), "cleaned"
ticks = os.sysconf("SC_CLK_TCK")
quiet = ["log.cleaner.enable=false"]
cleaning = ["log.cleaner.threads=1", "log.cleaner.dedupe.buffer.size=134217728", "log.cleaner.io.buffer.size=524288", "log.cleaner.backoff.ms=500", "log.cleaner.min.cleanable.ratio=0.001"]
settings = ["log.segment.bytes=268435456", "log.cleanup.policy=compact", "log.retention.ms=-1", "log.retention.bytes=-1"]
running = []
shutil.rmtree(data, ignore_errors=True)
os.makedirs(work, exist_ok=True)
os.environ["KAFKA_HEAP_OPTS"] = "-Xmx1G -Xms1G"


def start(more):
    log = open(os.path.join(work, "kafka.log"), "w")
    voters = f"1@127.0.0.1:{int(port) + 1000}"
    running.append(subprocess.Popen(["bash", kafka, "run", port, data, "1", voters, *settings, *more], stdout=log, stderr=log))
    return running[-1]


def wait(what, condition, seconds=250):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            running[-1].kill()
            raise SystemExit(f"{what} did not come: see {work}/kafka.log")
        time.sleep(0.05)


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait()


def cpu(process, thread=None):
    with open(f"/proc/{process.pid}/task/{thread}/stat" if thread else f"/proc/{process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / ticks


def memory(process, field):
    with open(f"/proc/{process.pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(field))


def started():
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
        return True
    except OSError:
        return False


def cleaner(process):
    """The thread that cleans: its name is cut to 15 characters."""
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        try:
            with open(f"/proc/{process.pid}/task/{thread}/comm") as file:
                if file.read().startswith("kafka-log-clean"):
                    return thread
        except OSError:
            pass
    return None


# A topic of its own, whose files are then replaced: a directory that its metadata does not know would be taken for a stray one.
first = start(quiet)
wait("the start", started)
subprocess.run(["bash", kafka, "tool", "topics", "--bootstrap-server", f"127.0.0.1:{port}", "--create", "--topic", topic], check=True, stdout=subprocess.DEVNULL)
stop(first)
home = os.path.join(data, f"{topic}-0")
for old in glob.glob(home + "/0*"):
    os.remove(old)
for new in glob.glob(source + "/0*") + glob.glob(source + "/leader-epoch-checkpoint"):
    # A cleaning never writes into a log file that is there; the indexes of the last segment grow in place.
    os.link(new, os.path.join(home, os.path.basename(new))) if new.endswith(".log") else shutil.copy(new, home)
size = sum(os.path.getsize(file) for file in glob.glob(home + "/*.log"))
last = max(int(os.path.basename(file)[:20]) for file in glob.glob(home + "/*.log"))


def cleaned():
    try:
        with open(os.path.join(data, "cleaner-offset-checkpoint")) as file:
            return any(line.startswith(f"{topic} 0 ") and int(line.split()[2]) >= last for line in file)
    except OSError:
        return False


broker = start(cleaning)
wait("the cleaner", lambda: cleaner(broker))
thread, began = cleaner(broker), time.time()
spent = cpu(broker)
wait("the end of the cleaning", cleaned)
took, spent, own = time.time() - began, cpu(broker) - spent, cpu(broker, thread)
left = sum(os.path.getsize(file) for file in glob.glob(home + "/*.log"))
print(f"{os.path.basename(source)}: {size / 1e6:.0f} MB, {left / 1e6:.0f} MB after, {took:.1f} s, {size / 1e6 / took:.0f} MB/s; the cleaner's thread alone {own:.1f} CPU s, {size / 1e6 / own:.0f} MB per CPU s; "
      f"the process meanwhile {spent:.1f} CPU s, {size / 1e6 / spent:.0f} MB per CPU s; memory at most {memory(broker, 'VmHWM'):.0f} MB")
stop(broker)
shutil.rmtree(data, ignore_errors=True)
