using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Cluster.Processes;

/// <summary>Processes of <see cref="NodeProgram"/>, what was done to them, and what they wrote: by that is checked what must never be.</summary>
internal sealed class NodeProcesses(Func<int, (IReadOnlyList<string> Within, string Host, int Port)> place) : IDisposable
{
    private const long Never = long.MaxValue;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    // Until somebody tells it that it was given up, a node that stood still goes on with what it had in hand: it cannot know.
    private static readonly TimeSpan InHand = TimeSpan.FromSeconds(3);

    private readonly global::AkkaStream.Tests.Support.Processes _processes = new();
    private readonly List<Node> _nodes = [];

    /// <summary>Now, in the time of notes.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Starts the node at a place; it asks the others there for the cluster.</summary>
    public Node Start(int number, params int[] seeds)
    {
        var (within, host, port) = place(number);
        var file = Path.Combine(_processes.Folder, string.Create(CultureInfo.InvariantCulture, $"{number}.{_nodes.Count}"));
        var addresses = seeds.Select(place).Select(seed => string.Create(CultureInfo.InvariantCulture, $"{seed.Host}:{seed.Port}"));
        var process = _processes.Here(within, NodeProgram.Verb, file, host, port.ToString(CultureInfo.InvariantCulture), string.Join(',', addresses));
        var node = new Node(process, file);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Whether every entity and the singleton were served since a time, by any of these nodes.</summary>
    public bool AllServedSince(long since, params Node[] by)
    {
        foreach (var node in by) node.Read();
        return Names.All(what => by.Any(node => node.LastServed(what) > since));
    }

    /// <summary>Waits; where it is in vain, says what the nodes have logged.</summary>
    public async Task Until(Func<bool> condition, string what)
    {
        try
        {
            await Eventually.Holds(condition, what, Long);
        }
        catch (Xunit.Sdk.XunitException failure)
        {
            var held = string.Join('\n', _nodes.Select(node => $"{node} {(node.HasExited ? "has ended" : "runs")}, holds {string.Join(' ', HeldBy(node))}, last served {string.Join(' ', Names.Select(name => node.LastServed(name) / 1_000_000))}, logged:\n{node.Log}"));
            Assert.Fail($"{failure.Message}, at {Now / 1_000_000}\n{held}");
        }
    }

    /// <summary>The longest that one of these had to wait after a time until one of the nodes served it.</summary>
    public static TimeSpan SlowestAfter(long since, IEnumerable<string> names, params Node[] by)
        => Stopwatch.GetElapsedTime(since, names.Max(what => by.SelectMany(node => node.Read()).Where(note => note.Kind == "m" && note.What == what && note.At > since).Min(note => note.At)));

    /// <summary>The entities and the singleton that a node has at the moment.</summary>
    public static IReadOnlyList<string> HeldBy(Node node) => [.. node.Lives().Where(life => life.To == Never).Select(life => life.What)];

    /// <summary>Fails where two lived at a time, where one was served while another lived elsewhere, where messages came out of order, or where one that was given up while it stood still begins something or serves for long.</summary>
    public void Check()
    {
        foreach (var node in _nodes)
        {
            Assert.DoesNotContain(node.Read(), note => note.Kind == "v");
            if (node.WentOn is not { } at) continue;
            Assert.DoesNotContain(node.Read(), note => note.At > at && note.Kind == "b");
            Assert.True(node.ServedOnFor < InHand, $"{node} served for {node.ServedOnFor} after it went on");
        }

        var lives = _nodes.SelectMany(node => node.Lives()).ToLookup(life => life.What);
        foreach (var of in lives)
        {
            var inOrder = of.OrderBy(life => life.From).ToList();
            var twice = inOrder.Zip(inOrder.Skip(1)).FirstOrDefault(two => two.First.To > two.Second.From);
            if (twice.First is not null) Assert.Fail($"{of.Key} begins in {twice.Second.Node} while it lives in {twice.First.Node}: {History(of.Key)}");
        }

        foreach (var node in _nodes)
        {
            foreach (var note in node.Read().Where(note => note.Kind == "m" && !(note.At > node.WentOn)).ToList())
            {
                var other = lives[note.What].FirstOrDefault(life => life.Node != node && life.From <= note.At && note.At < life.To);
                if (other is not null) Assert.Fail($"{note.What} is served in {node} at {note.At} while it lives in {other?.Node}: {History(note.What)}");
            }
        }
    }

    private string History(string what)
        => string.Join(", ", _nodes.SelectMany(node => node.Read().Where(note => note.What == what && note.Kind != "m").Select(note => (note.At, Text: $"{note.At / 1_000_000} {note.Kind} {node}"))).OrderBy(entry => entry.At).Select(entry => entry.Text));

    public void Dispose() => _processes.Dispose();

    public static IEnumerable<string> Names => [NodeProgram.Singleton, .. Enumerable.Range(0, NodeProgram.Entities).Select(i => string.Create(CultureInfo.InvariantCulture, $"entity-{i}"))];

    /// <summary>A line of a file.</summary>
    internal sealed record Note(long At, string Kind, string What);

    /// <summary>A time in which something ran, or might have.</summary>
    internal sealed record Life(string What, Node Node, long From, long To);

    /// <summary>A process.</summary>
    internal sealed class Node
    {
        private readonly Process _process;
        private readonly string _file;
        private readonly List<Note> _notes = [];
        private readonly Dictionary<string, long> _served = [];
        private readonly StringBuilder _log = new();
        private long _read;
        private long _ends = Never;

        public Node(Process process, string file)
        {
            (_process, _file) = (process, file);
            process.OutputDataReceived += (_, line) => Logged(line.Data);
            process.ErrorDataReceived += (_, line) => Logged(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public bool HasExited => _process.HasExited;

        /// <summary>What it has logged.</summary>
        public string Log
        {
            get
            {
                lock (_log) return _log.ToString();
            }
        }

        /// <summary>When it served one of them last, as far as was read; 0 for not yet.</summary>
        public long LastServed(string what) => _served.GetValueOrDefault(what);

        public override string ToString() => Path.GetFileName(_file);

        /// <summary>kill -9.</summary>
        public long Kill()
        {
            var before = Now;
            _process.Kill();
            _process.WaitForExit();
            _ends = Now;
            return before;
        }

        /// <summary>Sends a signal by its name; gives the time before that.</summary>
        public async Task<long> Signal(string signal)
        {
            var before = Now;
            await ClusterNodeProcess.Signal(_process, signal);
            return before;
        }

        /// <summary>When it went on after it was stopped for good.</summary>
        public long? WentOn { get; private set; }

        /// <summary>For how long it served after it went on.</summary>
        public TimeSpan ServedOnFor
            => Read().LastOrDefault(note => note.Kind == "m" && note.At > WentOn) is { } last ? Stopwatch.GetElapsedTime(WentOn!.Value, last.At) : TimeSpan.Zero;

        /// <summary>From here on it is stopped for so long that it has to be given up: what lives in it counts until here.</summary>
        public async Task<long> StopForGood()
        {
            await Signal("STOP");
            return _ends = Now;
        }

        /// <summary>It goes on, and does not know yet that it was given up.</summary>
        public async Task GoesOn()
        {
            WentOn = Now;
            await Signal("CONT");
        }

        public async Task Exited() => await _process.WaitForExitAsync().WaitAsync(Long);

        /// <summary>All that it has written so far.</summary>
        public IReadOnlyList<Note> Read()
        {
            if (!File.Exists(_file)) return _notes;
            using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(_read, SeekOrigin.Begin);
            var text = new StreamReader(stream).ReadToEnd();
            var whole = text[..(text.LastIndexOf('\n') + 1)];
            _read += whole.Length;
            foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = line.Split(' ', 3);
                var note = new Note(long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2]);
                _notes.Add(note);
                if (note.Kind == "m") _served[note.What] = note.At;
            }

            return _notes;
        }

        public List<Life> Lives()
        {
            var begun = new Dictionary<string, long>();
            var lives = new List<Life>();
            foreach (var note in Read())
            {
                if (note.Kind == "b") begun[note.What] = note.At;
                else if (note.Kind == "e" && begun.Remove(note.What, out var from)) lives.Add(new Life(note.What, this, from, Math.Min(note.At, _ends)));
            }

            lives.AddRange(begun.Select(entry => new Life(entry.Key, this, entry.Value, _ends)));
            return lives;
        }

        private void Logged(string? line)
        {
            lock (_log) _log.Append(line).Append('\n');
        }
    }
}
