using var terminal = new Pbm.Terminal();
return await Pbm.PbmProgram.Run(args, terminal);
