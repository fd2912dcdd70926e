package io.elephant.launcher.graal;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The JDK's XML reader with its schemas and catalogs, which Native Image adds as soon as a class
 * asks for any reader. EC2's answers are read by Aalto, which {@code Main} names.
 *
 * <p>Without it and Aalto {@code function.zip} has 16.7 MB instead of 15.7, and a process holds
 * 43.5 MB at its peak instead of 41.9, which is more than its budget of 42; a cold start takes as
 * long.
 */
@TargetClass(className = "com.sun.xml.internal.stream.XMLInputFactoryImpl")
final class WithoutJdkXmlReader {

  @Substitute
  @SuppressWarnings("DoNotCallSuggester") // Native Image replaces a method of the JDK with it.
  XMLStreamReader getXMLStreamReaderImpl(XmlInputSource source) throws XMLStreamException {
    throw new XMLStreamException("The JDK's XML reader is not in this executable");
  }

  /** The parameter's type, which the JDK does not export. */
  @TargetClass(className = "com.sun.org.apache.xerces.internal.xni.parser.XMLInputSource")
  static final class XmlInputSource {}
}
