package peer;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.bouncycastle.jce.provider.BouncyCastleProvider;

import com.helger.httpclient.response.ResponseHandlerByteArray;
import com.helger.phase4.CAS4;
import com.helger.phase4.client.AS4ClientErrorMessage;
import com.helger.phase4.sender.IAS4SignalMessageValidationResultHandler;
import com.helger.phase4.crypto.ECryptoAlgorithmSignDigest;
import com.helger.phase4.ebms3header.Ebms3SignalMessage;
import com.helger.phase4.incoming.AS4IncomingProfileSelectorConstant;
import com.helger.phase4.incoming.IAS4IncomingMessageState;
import com.helger.phase4.mgr.MetaAS4Manager;
import com.helger.phase4.model.EMEPBinding;
import com.helger.phase4.model.ESoapVersion;
import com.helger.phase4.model.error.EEbmsError;
import com.helger.phase4.model.mpc.MPC;
import com.helger.phase4.sender.AS4Sender;
import com.helger.phase4.util.AS4ResourceHelper;
import com.helger.web.scope.mgr.WebScoped;

/**
 * Many exchanges in one JVM, whose start costs more than a hundred of them: one command a line on standard input, fields
 * separated by tabs, and for each the lines of its answer and "DONE". The peer itself is used as it is.
 */
public final class Desk {
  private static PrintStream out;
  private static boolean begun;

  public static void main(String[] args) throws Exception {
    // What libraries print must not be taken for an answer.
    out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    Security.addProvider(new BouncyCastleProvider());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> words = new ArrayList<>(Arrays.asList(line.split("\t", -1)));
      try {
        answer(words.remove(0), words);
      } catch (Throwable failure) {
        out.println("FAILED\t" + oneLine(failure));
      }
      out.println("DONE");
    }
    Runtime.getRuntime().halt(0);
  }

  private static void answer(String command, List<String> words) throws Exception {
    switch (command) {
      case "options" -> options(words);
      case "codes" -> { for (EEbmsError each : EEbmsError.values()) out.println(each.getErrorCode()); }
      case "listen" -> listen();
      case "send" -> send(words);
      case "pull" -> pull(words.get(0));
      case "error" -> error(words.get(0));
      default -> throw new IllegalArgumentException(command);
    }
  }

  /** Replaces all options of the peer: name, value, name, value. */
  private static void options(List<String> words) throws Exception {
    Peer.O.clear();
    for (int at = 0; at + 1 < words.size(); at += 2) Peer.O.put(words.get(at), words.get(at + 1));
    Peer.loadCrypto();
    if (Peer.O.containsKey("recipient-cert")) Peer.rcpt = Peer.cert(Peer.O.get("recipient-cert"));
    if (Peer.O.containsKey("dir")) Peer.dir = Files.createDirectories(Path.of(Peer.O.get("dir")));
  }

  /** The peer says on its own standard output where it listens. */
  private static void listen() throws Exception {
    PrintStream before = System.out;
    java.util.concurrent.CompletableFuture<String> ready = new java.util.concurrent.CompletableFuture<>();
    System.setOut(new PrintStream(before) {
      @Override public void println(String line) {
        if (line != null && line.startsWith("READY ")) ready.complete(line.substring(6)); else super.println(line);
      }
    });
    Thread server = new Thread(() -> {
      try { Peer.receiver(); } catch (Exception failure) { ready.completeExceptionally(failure); }
    });
    server.setDaemon(true);
    server.start();
    out.println("URL\t" + ready.get(60, java.util.concurrent.TimeUnit.SECONDS));
  }

  private static void begin() throws Exception {
    if (!begun) Peer.senderInit();
    begun = true;
  }

  private static void send(List<String> words) throws Exception {
    begin();
    List<byte[]> parts = new ArrayList<>();
    for (String file : words.subList(1, words.size())) parts.add(Files.readAllBytes(Path.of(file)));
    try (WebScoped scope = new WebScoped()) {
      AS4Sender.BuilderUserMessage message = Peer.msg(words.get(0), parts);
      message.signalMsgConsumer((signal, metadata, state) -> tell(signal, state));
      message.signalMsgValidationResultHdl(new IAS4SignalMessageValidationResultHandler() {
        public void onSuccess() { out.println("DIGESTS\tmatch"); }
        public void onError(String text) { out.println("DIGESTS\tdiffer " + text); }
        public void onNotApplicable() { out.println("DIGESTS\tnot-applicable"); }
      });
      out.println("RESULT\t" + message.sendMessageAndCheckForReceipt(failure -> out.println("FAILED\t" + oneLine(failure))));
    }
  }

  private static void pull(String url) throws Exception {
    begin();
    String mpc = Peer.o("mpc", CAS4.DEFAULT_MPC_ID);
    if (MetaAS4Manager.getMPCMgr().getMPCOfID(mpc) == null) MetaAS4Manager.getMPCMgr().createMPC(new MPC(mpc));
    try (WebScoped scope = new WebScoped()) {
      AS4Sender.BuilderPullRequest request = AS4Sender.builderPullRequest()
          .as4ProfileID("custom")
          .pmode(Peer.pmode(Peer.o("from", "party-a"), Peer.o("to", "party-b"), url, EMEPBinding.PULL))
          .pmodeResolver(Peer.RESOLVER)
          .incomingProfileSelector(new AS4IncomingProfileSelectorConstant(null, false))
          .cryptoFactorySign(Peer.cfSign)
          .cryptoFactoryCrypt(Peer.cfCrypt)
          .mpc(mpc)
          .endpointURL(url);
      request.signingParams().setAlgorithmSign(Peer.sign() ? Peer.signAlgo() : null)
          .setAlgorithmSignDigest(ECryptoAlgorithmSignDigest.DIGEST_SHA_256);
      request.signalMsgConsumer((signal, metadata, state) -> tell(signal, state));
      request.userMsgConsumer((message, metadata, state) -> {
        out.println("PULLED\t" + message.getMessageInfo().getMessageId() + "\t" + state.isSoapSignatureChecked() + "\t" + state.isSoapDecrypted());
        var attachments = state.hasDecryptedAttachments() ? state.getDecryptedAttachments() : state.getOriginalAttachments();
        if (attachments == null) return;
        for (var each : attachments) {
          try (InputStream in = each.getInputStreamProvider().getInputStream()) {
            out.println("PART\t" + java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(in.readAllBytes())));
          } catch (Exception failure) {
            out.println("FAILED\t" + oneLine(failure));
          }
        }
      });
      out.println("RESULT\t" + request.sendMessage());
    }
  }

  private static void error(String url) throws Exception {
    begin();
    String code = Peer.o("error", "EBMS:0301");
    EEbmsError error = Arrays.stream(EEbmsError.values()).filter(each -> each.getErrorCode().equals(code)).findFirst().orElseThrow();
    try (AS4ResourceHelper resources = new AS4ResourceHelper()) {
      AS4ClientErrorMessage message = new AS4ClientErrorMessage(resources);
      message.setSoapVersion(ESoapVersion.SOAP_12);
      message.setCryptoFactory(Peer.cfSign);
      message.setRefToMessageID(Peer.o("ref-to", "unknown@example"));
      if (Peer.sign()) {
        message.signingParams().setAlgorithmSign(Peer.signAlgo()).setAlgorithmSignDigest(ECryptoAlgorithmSignDigest.DIGEST_SHA_256);
      }
      message.addErrorMessage(error, Locale.US);
      message.errorMessages().get(0).setRefToMessageInError(Peer.o("ref-to", "unknown@example"));
      var response = message.sendMessageWithRetries(url, new ResponseHandlerByteArray(), null, null, null);
      out.println("RESULT\t" + response.getResponseStatusLine());
    }
  }

  private static void tell(Ebms3SignalMessage signal, IAS4IncomingMessageState state) {
    String checked = "\t" + state.isSoapSignatureChecked() + "\t" + signal.getMessageInfo().getRefToMessageId();
    if (signal.getReceipt() != null) out.println("RECEIPT" + checked);
    signal.getError().forEach(each -> out.println("ERROR" + checked + "\t" + each.getErrorCode() + "\t" + each.getSeverity()));
  }

  private static String oneLine(Throwable failure) {
    return String.valueOf(failure).replaceAll("\\s+", " ");
  }
}
