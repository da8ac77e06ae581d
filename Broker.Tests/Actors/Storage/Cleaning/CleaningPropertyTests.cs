using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>Random logs, cleaned at random with maps of any size, against a plain list of what was appended.</summary>
public sealed class CleaningPropertyTests
{
    [Fact]
    public void Whatever_is_appended_and_however_it_is_cleaned_the_rules_hold()
    {
        for (var seed = 0; seed < 250; seed++) new Run(seed).Go();
    }

    private sealed class Run
    {
        private readonly Random _dice;
        private readonly MemoryDisk _disk = new();
        private readonly LogConfig _config;
        private readonly string _name;
        private readonly Dictionary<long, KeyedRecord> _all = [];
        private readonly Dictionary<long, int> _sequences = [];
        private readonly Dictionary<long, long> _cleanedAt = [];
        private PartitionLog _log;
        private long _now = 1_000_000;
        private long _dirty;

        public Run(int seed)
        {
            _dice = new Random(seed);
            _name = $"seed {seed}";
            _config = KeyedLog.Small with { SegmentBytes = _dice.Next(300, 1500), IndexIntervalBytes = _dice.Next(400), DeleteRetentionMs = _dice.Next(3) * 500, MinCompactionLagMs = _dice.Next(2) * 300 };
            _disk.CreateDirectory("/data");
            _log = KeyedLog.Open(_disk, _config);
        }

        public void Go()
        {
            for (var i = 0; i < 40; i++)
            {
                _now += _dice.Next(100);
                switch (_dice.Next(10))
                {
                    case 0: Reopen(); break;
                    case 1 or 2: Clean(); break;
                    case 3: AppendTransaction(); break;
                    default: Append(new RecordBatchFields()); break;
                }
            }

            Clean();
            Reopen();
        }

        private void Append(RecordBatchFields fields)
        {
            var records = Enumerable.Range(0, _dice.Next(1, 6)).Select(_ => ($"k{_dice.Next(12)}", _dice.Next(5) == 0 ? null : new string('v', _dice.Next(60)))).ToArray();
            if (fields.ProducerId >= 0)
            {
                _sequences.TryGetValue(fields.ProducerId, out var next);
                fields = fields with { BaseSequence = next };
                _sequences[fields.ProducerId] = next + records.Length;
            }

            var offset = _log.View.EndOffset;
            KeyedLog.Append(_log, _now, (CompressionType)_dice.Next(4), fields, records!);
            for (var i = 0; i < records.Length; i++) _all[offset + i] = new KeyedRecord(offset + i, _now + i, records[i].Item1, records[i].Item2);
        }

        private void AppendTransaction()
        {
            var producer = _dice.Next(2, 5);
            for (var i = _dice.Next(1, 3); i > 0; i--) Append(new RecordBatchFields { ProducerId = producer, ProducerEpoch = 0, IsTransactional = true });
            KeyedLog.AppendMarker(_log, _now, producer, 0, ControlRecordType.Commit);
        }

        private void Clean()
        {
            var range = CleanableRange.Of(_log.View, _config, _dirty, _now);
            var map = _dice.Next(2) == 0 ? 1 << 16 : _dice.Next(4, 20) * OffsetMap.EntryBytes;
            var (state, next) = KeyedLog.Clean(_log, _disk, _dirty, _now, map);
            if (state == CleaningState.Aborted) return; // nothing to clean
            Assert.True(state == CleaningState.Done && next > _dirty && next <= range.FirstUncleanable, $"{_name}: {state}, {next} of {range}");
            foreach (var record in _all.Values.Where(record => record.Value is null && record.Offset < next)) _cleanedAt.TryAdd(record.Offset, _now);
            _dirty = next;
            Check();
        }

        private void Reopen()
        {
            KeyedLog.Flush(_log);
            var point = _log.RecoveryPoint;
            var clean = _dice.Next(2) == 0;
            if (clean) Assert.Equal(ErrorCode.None, _log.Close());
            else _log.Abandon();
            var end = _log.View.EndOffset;
            _log = KeyedLog.Open(_disk, _config, clean, point);
            Assert.Equal(end, _log.View.EndOffset);
            Check();
        }

        private void Check()
        {
            var records = KeyedLog.Records(_log);
            foreach (var record in records) Assert.True(record == _all[record.Offset], $"{_name}: {record} was {_all[record.Offset]}");
            var there = records.Select(record => record.Offset).ToHashSet();
            foreach (var last in KeyedLog.Latest(_all.Values.OrderBy(record => record.Offset)).Values)
            {
                // A tombstone may go when a cleaning comes past its horizon, which is not before the retention since its first cleaning.
                var mayGo = last.Value is null && _cleanedAt.TryGetValue(last.Offset, out var first) && _now >= first + _config.DeleteRetentionMs;
                Assert.True(there.Contains(last.Offset) || mayGo, $"{_name}: {last} is gone");
            }

            foreach (var record in _all.Values.Where(record => record.Offset >= _dirty)) Assert.True(there.Contains(record.Offset), $"{_name}: {record} was not to be cleaned");
            foreach (var group in records.Where(record => record.Offset < _dirty).GroupBy(record => record.Key)) Assert.True(group.Count() == 1, $"{_name}: {group.Count()} records of {group.Key} below {_dirty}");
            foreach (var (producer, sequence) in _sequences) Assert.True(_log.Producers.Single(entry => entry.ProducerId == producer).FirstOffsetOfTransaction < 0 && sequence > 0, _name);
        }
    }
}
