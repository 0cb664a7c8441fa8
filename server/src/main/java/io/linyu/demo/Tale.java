package io.linyu.demo;

import io.linyu.casework.Example;
import io.linyu.casework.LoopRule;
import io.linyu.casework.Rejecting;
import io.linyu.casework.Request;
import io.linyu.casework.Returning;
import io.linyu.casework.TimeRequest;
import io.linyu.casework.Way;
import io.linyu.demo.Town.Resident;
import java.util.ArrayList;
import java.util.List;

/// The words in which the town's past is written: who did what, and when.
///
/// Days are counted back from today and are working days; day 0 is today, and its times are minutes
/// before now.
final class Tale {
  /// What belongs to no matter.
  private static final int NONE = 0;

  private final List<Step> steps = new ArrayList<>();
  private int matters;

  /// @param day working days before today
  /// @param time such as `09:12`; on day 0 the minutes before now
  record Moment(int day, String time) {}

  /// One thing that somebody did.
  ///
  /// @param matter which of the matters it belongs to
  /// @param who whose matter it is; of what belongs to none, anybody
  record Step(Moment at, int matter, Resident who, Deed deed) {}

  sealed interface Deed {
    record Says(String text) implements Deed {}

    /// @param text with a place for the number of the matter
    record SaysOfIt(String text) implements Deed {}

    record Sends(String photo) implements Deed {}

    record Speaks(String voice) implements Deed {}

    /// Says that it was understood rightly, and so becomes a case.
    record Confirms() implements Deed {}

    /// Has said nothing more for half an hour, and so becomes a case that nobody confirmed.
    record FallsSilent() implements Deed {}

    record Leaves() implements Deed {}

    /// By the numbers of the three questions after it was done.
    record Rates(int solved, int content, int contacted) implements Deed {}

    record Claimed() implements Deed {}

    record Answered(String text) implements Deed {}

    record Noted(String text) implements Deed {}

    record HandedUp(String reason) implements Deed {}

    /// Is said to be done, and waits to be checked if its kind is.
    record Reported(String text) implements Deed {}

    record Checked(boolean passed, String found) implements Deed {}

    /// The same up to where the resident is asked.
    record Finished(String text) implements Deed {}

    /// And they are content.
    record Closed(String text) implements Deed {}

    record DoneAgain(String reason) implements Deed {}

    record Overruled(String reason) implements Deed {}

    /// To be published as an example (T34).
    record Proposed(Example.Text text) implements Deed {}

    /// The desks that these work at sit down together tomorrow.
    record Convened(String place, List<String> desks, String about) implements Deed {}

    record Rejected(Rejecting.Reason reason, String text) implements Deed {}

    /// Before it is accepted somebody who lives there has a look.
    record LookedAt(String question) implements Deed {}

    record HeadAsked(String question) implements Deed {}

    record HeadSaid(Request.Outcome outcome, String text) implements Deed {}

    /// @param amount in the unit of the limit
    record WantsTime(int amount, String reason) implements Deed {}

    /// @param days of the calendar, until it is looked at again
    record WantsToWait(TimeRequest.Reason reason, int days, String words) implements Deed {}

    /// What was asked for last: more time, or that it waits.
    record Granted() implements Deed {}

    record Supervised(String reason) implements Deed {}

    /// @param desks how their names end
    record PartsAsked(List<String> desks, String request) implements Deed {}

    record PartAnswered(String desk, String words) implements Deed {}

    /// @param proposed how the name of the desk ends that should have it
    record Returned(Returning.Ground ground, String proposed, String words) implements Deed {}

    /// @param to how the name of the desk ends that gets it
    record ReturnAgreed(String to) implements Deed {}

    record ReturnRefused(String words) implements Deed {}

    /// @param master the matter with which it is handled
    record Merged(int master) implements Deed {}

    /// What is known in the community, with the next news and the end so many minutes later.
    record Published(String category, String text, int news, int end) implements Deed {}

    /// Staff write down what somebody says elsewhere than in a chat.
    ///
    /// @param phone empty: nobody knows who said it, and they have the code on paper
    record TakenDown(Way way, String category, String text, String phone) implements Deed {}

    record Acknowledged() implements Deed {}

    record Heard(String transcript) implements Deed {}

    record RuleSet(LoopRule rule, LoopRule.Mode mode, String reason) implements Deed {}
  }

  /// One matter, told in the order in which it happened.
  final class Matter {
    private final Resident who;
    private final int number;
    private int day;

    private Matter(Resident who, int number, int day) {
      this.who = who;
      this.number = number;
      this.day = day;
    }

    Matter on(int nextDay) {
      day = nextDay;
      return this;
    }

    Matter says(String time, String text) {
      return then(time, new Deed.Says(text));
    }

    Matter saysOfIt(String time, String text) {
      return then(time, new Deed.SaysOfIt(text));
    }

    Matter sends(String time, String photo) {
      return then(time, new Deed.Sends(photo));
    }

    Matter speaks(String time, String voice) {
      return then(time, new Deed.Speaks(voice));
    }

    Matter confirms(String time) {
      return then(time, new Deed.Confirms());
    }

    Matter fallsSilent(String time) {
      return then(time, new Deed.FallsSilent());
    }

    Matter rates(String time, int solved, int content, int contacted) {
      return then(time, new Deed.Rates(solved, content, contacted));
    }

    Matter claimed(String time) {
      return then(time, new Deed.Claimed());
    }

    Matter answered(String time, String text) {
      return then(time, new Deed.Answered(text));
    }

    Matter noted(String time, String text) {
      return then(time, new Deed.Noted(text));
    }

    Matter handedUp(String time, String reason) {
      return then(time, new Deed.HandedUp(reason));
    }

    Matter reported(String time, String text) {
      return then(time, new Deed.Reported(text));
    }

    Matter checked(String time, boolean passed, String found) {
      return then(time, new Deed.Checked(passed, found));
    }

    Matter finished(String time, String text) {
      return then(time, new Deed.Finished(text));
    }

    Matter closed(String time, String text) {
      return then(time, new Deed.Closed(text));
    }

    Matter doneAgain(String time, String reason) {
      return then(time, new Deed.DoneAgain(reason));
    }

    Matter overruled(String time, String reason) {
      return then(time, new Deed.Overruled(reason));
    }

    Matter proposed(String time, String title, String told, String done) {
      return then(time, new Deed.Proposed(new Example.Text(title, told, done)));
    }

    Matter convened(String time, String place, List<String> desks, String about) {
      return then(time, new Deed.Convened(place, desks, about));
    }

    Matter rejected(String time, Rejecting.Reason reason, String text) {
      return then(time, new Deed.Rejected(reason, text));
    }

    Matter lookedAt(String time, String question) {
      return then(time, new Deed.LookedAt(question));
    }

    Matter headAsked(String time, String question) {
      return then(time, new Deed.HeadAsked(question));
    }

    Matter headSaid(String time, Request.Outcome outcome, String text) {
      return then(time, new Deed.HeadSaid(outcome, text));
    }

    Matter wantsTime(String time, int amount, String reason) {
      return then(time, new Deed.WantsTime(amount, reason));
    }

    Matter wantsToWait(String time, TimeRequest.Reason reason, int days, String words) {
      return then(time, new Deed.WantsToWait(reason, days, words));
    }

    Matter granted(String time) {
      return then(time, new Deed.Granted());
    }

    Matter supervised(String time, String reason) {
      return then(time, new Deed.Supervised(reason));
    }

    Matter partsAsked(String time, List<String> desks, String request) {
      return then(time, new Deed.PartsAsked(desks, request));
    }

    Matter partAnswered(String time, String desk, String words) {
      return then(time, new Deed.PartAnswered(desk, words));
    }

    Matter returned(String time, Returning.Ground ground, String proposed, String words) {
      return then(time, new Deed.Returned(ground, proposed, words));
    }

    Matter returnAgreed(String time, String to) {
      return then(time, new Deed.ReturnAgreed(to));
    }

    Matter returnRefused(String time, String words) {
      return then(time, new Deed.ReturnRefused(words));
    }

    Matter merged(String time, Matter master) {
      return then(time, new Deed.Merged(master.number));
    }

    Matter takenDown(String time, Way way, String category, String text, String phone) {
      return then(time, new Deed.TakenDown(way, category, text, phone));
    }

    Matter heard(String time, String transcript) {
      return then(time, new Deed.Heard(transcript));
    }

    Matter leaves(String time) {
      return then(time, new Deed.Leaves());
    }

    Matter acknowledged(String time) {
      return then(time, new Deed.Acknowledged());
    }

    Matter published(String time, String category, String text, int news, int end) {
      return then(time, new Deed.Published(category, text, news, end));
    }

    private Matter then(String time, Deed deed) {
      steps.add(new Step(new Moment(day, time), number, who, deed));
      return this;
    }
  }

  Matter by(Resident who, int day) {
    return new Matter(who, ++matters, day);
  }

  void ruleSet(int day, String time, LoopRule rule, LoopRule.Mode mode, String reason) {
    var deed = new Deed.RuleSet(rule, mode, reason);
    steps.add(new Step(new Moment(day, time), NONE, Town.WANG, deed));
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }
}
