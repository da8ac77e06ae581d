using AkkaStream.Host.Start;
using AkkaStream.Host.Verbs;

// A broker's start loads no more than a broker needs; the verbs bring their parser and their tables with them.
return BrokerOptions.AreFor(args) ? BrokerProgram.Run(args) : VerbProgram.Run(args);
